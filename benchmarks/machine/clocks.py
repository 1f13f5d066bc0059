"""Clocks as the system's files tell them, in MHz."""

import re
import statistics
from collections.abc import Iterable
from pathlib import Path

from .system_file import number_of, text_of

CPUS = Path("/sys/devices/system/cpu")
CPUINFO = Path("/proc/cpuinfo")
DEVFREQ = Path("/sys/class/devfreq")

_GPUS = re.compile(r"gpu|ga10b|gv11b|gp10b")
"""What a Jetson calls its GPU: `17000000.gpu`, `gpu-gpc-0`, and by chip in JetPack 5."""


def cpu_mhz(cores: Iterable[int]) -> float | None:
    """
    Average the present clocks of some cores.

    Args:
        cores: numbers of the cores, such as those the process may use.

    Returns:
        By cpufreq, else by /proc/cpuinfo for all cores, which on a virtual machine is a constant;
        None where neither tells, as on most ARM boards without cpufreq.

    """
    names = (CPUS / f"cpu{core}" / "cpufreq" / "scaling_cur_freq" for core in cores)
    kilohertz = [value for value in map(number_of, names) if value is not None]
    if kilohertz:
        return statistics.fmean(kilohertz) / 1e3
    megahertz = re.findall(r"^cpu MHz\s*: ([\d.]+)$", text_of(CPUINFO), re.MULTILINE)
    return statistics.fmean(map(float, megahertz)) if megahertz else None


def devfreq_gpu_mhz() -> float | None:
    """Read the clock of a GPU that is part of the processor, as on a Jetson; the lowest of many."""
    found = sorted(DEVFREQ.glob("*")) if DEVFREQ.is_dir() else []
    hertz = [number_of(one / "cur_freq") for one in found if _GPUS.search(one.name)]
    return min((value / 1e6 for value in hertz if value is not None), default=None)
