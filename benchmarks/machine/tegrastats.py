"""A Jetson's power, as `tegrastats` prints it, summed to energy."""

import re
import select
import statistics
import subprocess
import time
from collections.abc import Sequence

from ...runtime.errors import BackendUnavailable

COMMAND = "tegrastats"
INTERVAL_MS = 100

TOTALS: Sequence[tuple[str, ...]] = (
    ("VIN",),
    ("VDD_IN",),
    ("POM_5V_IN",),
    ("VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"),
    ("VDD_GPU", "VDD_CPU_SOC_MSS", "VIN_SYS_5V0"),
    ("GPU", "CPU", "SOC", "CV", "VDDRQ", "SYS5V"),
)
"""
Rails that make up the total, by board; the first whose rails are all there counts. Thor with its
carrier board's sensor; Orin Nano, Orin NX, Xavier NX, TX2; Nano; AGX Orin; Thor without; AGX
Xavier. On the last three no rail is the total, and VIN_SYS_5V0 is but one part of it.
"""

_RAIL = re.compile(r"(?<!\S)([A-Z]\w*) (-?\d+)(?=m|/)(?:mW)?(?:/-?\d+(?:mW)?)*(?!\S)")
_PATIENCE_S = 2.0
_PIPE_BYTES = 2**20
_COVERED = 0.5


def rails_mw(line: str) -> dict[str, int]:
    """
    Read the rails of a line: `VDD_IN 5297mW/5297mW` (present power, then averages).

    Returns:
        Milliwatts by rail. Before JetPack 5 the unit was left out. A calibrated rail that feeds
        nothing may read below zero.

    """
    return {match[1]: int(match[2]) for match in _RAIL.finditer(line)}


def total_rails(rails: Sequence[str]) -> tuple[str, ...] | None:
    """Choose those whose sum is the total; None where no board we know has such rails."""
    return next((total for total in TOTALS if set(total) <= set(rails)), None)


def mean_mw(lines: Sequence[str], total: Sequence[str]) -> tuple[float, int]:
    """
    Average the total over lines, which come at equal intervals.

    Returns:
        Milliwatts, and how many lines held all rails; a broken line counts for nothing.

    """
    told = [rails_mw(line) for line in lines]
    sums = [sum(rails[name] for name in total) for rails in told if set(total) <= set(rails)]
    return (statistics.fmean(sums) if sums else 0.0), len(sums)


class TegrastatsMeter:
    """A process that prints to a pipe; it ends with each `stop`, or when its reader is gone."""

    reason = None

    def __init__(self, total: tuple[str, ...]) -> None:
        self._total = total
        self.source = f"tegrastats {'+'.join(total)}"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait for its first line."""
        self._running = _spawn()
        first_line(self._running)
        self._start_s = time.perf_counter()

    def stop(self) -> float | None:
        """End it; None, too, if it printed less than half of the lines that the time asked for."""
        assert self._running is not None
        elapsed_s = time.perf_counter() - self._start_s
        lines = _end(self._running).splitlines()
        self._running = None
        milliwatts, count = mean_mw(lines, self._total)
        if count == 0 or count < _COVERED * elapsed_s * 1e3 / INTERVAL_MS:
            return None
        return milliwatts / 1e3 * elapsed_s


def open_tegrastats() -> TegrastatsMeter:
    """
    Try it once.

    Raises:
        BackendUnavailable: it is not installed, prints nothing in two seconds, or no known total.

    """
    process = _spawn()
    try:
        line = first_line(process)
    finally:
        _end(process)
    rails = rails_mw(line)
    total = total_rails(list(rails))
    if total is None:
        names = ", ".join(rails) or "none"
        raise BackendUnavailable(f"{COMMAND}: no rails whose sum is known to be the total: {names}")
    return TegrastatsMeter(total)


def first_line(process: subprocess.Popen[bytes]) -> str:
    """Wait for a whole line, two seconds at most; what came so far otherwise."""
    assert process.stdout is not None
    text, until_s = b"", time.perf_counter() + _PATIENCE_S
    while not text.endswith(b"\n"):
        left_s = max(0.0, until_s - time.perf_counter())
        if not select.select([process.stdout], [], [], left_s)[0]:
            break
        byte = process.stdout.read(1)
        if not byte:
            break
        text += byte
    return text.decode(errors="replace")


def _spawn() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [COMMAND, "--interval", str(INTERVAL_MS)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pipesize=_PIPE_BYTES,
        )
    except OSError as error:
        raise BackendUnavailable(f"{COMMAND}: {error.strerror or error}") from error


def _end(process: subprocess.Popen[bytes]) -> str:
    """Kill this one process, and read what it had printed."""
    process.kill()
    try:
        printed = process.communicate(timeout=_PATIENCE_S)[0]
    except subprocess.TimeoutExpired as error:
        printed = error.stdout or b""
    return printed.decode(errors="replace")
