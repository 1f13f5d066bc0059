"""How many cores this process may use: a container often sees more than it was given."""

import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def usable_cores(cgroup: Path = CGROUP) -> int:
    """
    Count the cores of the affinity mask, cut to the CPU quota of the cgroup.

    Args:
        cgroup: where the cgroup file system is mounted.

    Returns:
        At least 1. A quota of 1.5 cores counts as 2: the half is worth a thread.

    """
    allowed = len(os.sched_getaffinity(0))
    quota = _quota_v2(cgroup / "cpu.max") or _quota_v1(cgroup / "cpu")
    return allowed if quota is None else max(1, min(allowed, -int(-quota // 1)))


def _quota_v2(path: Path) -> float | None:
    fields = _words(path)
    return _cores(fields[0], fields[1]) if len(fields) == 2 else None


def _quota_v1(folder: Path) -> float | None:
    quota, period = _words(folder / "cpu.cfs_quota_us"), _words(folder / "cpu.cfs_period_us")
    return _cores(quota[0], period[0]) if quota and period else None


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _cores(quota_us: str, period_us: str) -> float | None:
    if not (quota_us.isdigit() and period_us.isdigit()) or int(period_us) == 0:
        return None
    return int(quota_us) / int(period_us)
