"""How many cores this process may use: a container often sees more than it was given."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
"""Where the cgroup file system is mounted."""

MEMBERSHIP = Path("/proc/self/cgroup")
"""Which cgroups this process is in: lines of `number:controllers:path` (cgroups(7))."""


def usable_cores(cgroups: Path = CGROUPS, membership: Path = MEMBERSHIP) -> int:
    """
    Count the cores of the affinity mask, cut to the least CPU quota of the process's cgroups.

    A cgroup's quota binds all cgroups below it, so those above the process's own count, too.

    Args:
        cgroups: where the cgroup file system is mounted, of version 1 or 2.
        membership: the file that names the process's cgroups.

    Returns:
        At least 1. A quota of 1.5 cores counts as 2: the half is worth a thread.

    """
    allowed = len(os.sched_getaffinity(0))
    quotas = [_quota_v2(folder) or _quota_v1(folder) for folder in _folders(cgroups, membership)]
    return max(1, min([allowed, *(math.ceil(quota) for quota in quotas if quota is not None)]))


def _folders(cgroups: Path, membership: Path) -> Iterator[Path]:
    """List the folders whose quotas may bind the process; not all of them need exist."""
    yield from (cgroups, cgroups / "cpu")
    for line in _text(membership).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        below = [name for name in path.split("/") if name]
        if ".." in below:  # outside what this container may see
            continue
        for mounted in {cgroups / controllers, cgroups / "cpu"} if controllers else {cgroups}:
            yield from (mounted.joinpath(*below[:depth]) for depth in range(1, len(below) + 1))


def _quota_v2(folder: Path) -> float | None:
    fields = _text(folder / "cpu.max").split()
    return _cores(*fields) if len(fields) == 2 else None


def _quota_v1(folder: Path) -> float | None:
    quota_us, period_us = (_text(folder / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
    return _cores(quota_us.strip(), period_us.strip())


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _cores(quota_us: str, period_us: str) -> float | None:
    if not (quota_us.isdigit() and period_us.isdigit()) or int(period_us) == 0:
        return None
    return int(quota_us) / int(period_us)
