"""How much others used the machine while a method ran."""

import os
import time
from pathlib import Path

STAT = Path("/proc/stat")

BUSY_CORES = 0.1
"""Cores in use by others above which nothing is to be trusted."""

_BUSY_FIELDS = (1, 2, 3, 6, 7, 8)
"""user, nice, system, irq, softirq, steal; not idle, iowait, and guests (they are in user)."""


class Watch:
    """Starts when it is made."""

    def __init__(self) -> None:
        self._start_s = time.perf_counter()
        self._own_s = time.process_time()
        self._busy_s = busy_s()

    def others_cores(self) -> float | None:
        """
        Tell how many cores all other processes used on average since the start.

        Returns:
            Cores, to a few hundredths in a second of watching; None where the system does
            not tell.

        """
        busy = busy_s()
        if busy is None or self._busy_s is None:
            return None
        wall_s = time.perf_counter() - self._start_s
        others_s = busy - self._busy_s - (time.process_time() - self._own_s)
        return max(0.0, others_s / wall_s)


def busy_s() -> float | None:
    """Read the seconds that all cores were busy since boot; None where Linux does not tell."""
    try:
        fields = STAT.read_text().splitlines()[0].split()
        return sum(int(fields[at]) for at in _BUSY_FIELDS) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
