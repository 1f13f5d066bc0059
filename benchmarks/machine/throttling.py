"""
Whether the system holds clocks down, by its files.

Some files tell that it does so now (`held_down`), others count how often it did (`events`).
"""

import re
from pathlib import Path

from .system_file import number_of, text_of

THERMAL = Path("/sys/class/thermal")
HWMON = Path("/sys/class/hwmon")
CPUS = Path("/sys/devices/system/cpu")

_BRAKES = re.compile(r"throttle-alert$|^(thermal-)?(cpufreq|devfreq)")
"""
Cooling devices that lower clocks: a Jetson's `soc0-throttle-alert`, Linux's `cpufreq-cpu0`. Fans
are cooling devices, too, and are none; ACPI's `Processor` knows nothing of what the hardware does.
"""


def held_down() -> frozenset[str] | None:
    """List the cooling devices that lower clocks now; None where there are none to ask."""
    brakes = [
        (name, number_of(folder / "cur_state"))
        for folder in THERMAL.glob("cooling_device*")
        if _BRAKES.search(name := text_of(folder / "type").strip())
    ]
    known = [(name, state) for name, state in brakes if state is not None]
    return frozenset(name for name, state in known if state > 0) if known else None


def events() -> dict[str, float] | None:
    """
    Count what happened since boot: over-currents of a Jetson, thermal events of an x86 core.

    Returns:
        By what happened, how often; None where nobody counts.

    """
    counted: dict[str, float] = {}
    for path in HWMON.glob("hwmon*/oc*_event_cnt"):
        _count(counted, f"over-current {path.name.partition('_')[0]}", path)
    for path in CPUS.glob("cpu[0-9]*/thermal_throttle/core_throttle_count"):
        _count(counted, "processor's thermal limit", path)
    return counted or None


def _count(counted: dict[str, float], name: str, path: Path) -> None:
    count = number_of(path)
    if count is not None:
        counted[name] = counted.get(name, 0.0) + count
