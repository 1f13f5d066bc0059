"""What a Jetson tells of itself in plain files; nothing elsewhere, and no command is run."""

import re
from pathlib import Path

from .system_file import text_of

RELEASE = Path("/etc/nv_tegra_release")
POWER_STATUS = Path("/var/lib/nvpmodel/status")
POWER_MODES = Path("/etc/nvpmodel.conf")


def jetson_linux() -> str | None:
    """Read the release of Jetson Linux, such as "R36 (release), REVISION: 4.3, …"."""
    lines = text_of(RELEASE).splitlines()
    return lines[0].strip("# ") if lines else None


def power_mode() -> str | None:
    """Read the mode that nvpmodel set last, by number and, where it has one, name: "2 MAXN"."""
    status = re.search(r"pmode:(\d+)", text_of(POWER_STATUS))
    if status is None:
        return None
    number = int(status[1])
    name = re.search(rf"< *POWER_MODEL +ID={number} +NAME=(\S+)", text_of(POWER_MODES))
    return str(number) if name is None else f"{number} {name[1]}"
