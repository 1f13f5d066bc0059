"""Temperatures as Linux's thermal zones tell them."""

from pathlib import Path

from .system_file import number_of, text_of

THERMAL = Path("/sys/class/thermal")

_PLAUSIBLE_C = (-40.0, 150.0)
"""A Jetson's zone whose part is switched off reads -256 °C."""

_CONSTANT = "PMIC"
"""Its zone on a Jetson always reads 50 or 100 °C."""


def hottest_c() -> float | None:
    """Read the hottest zone; None where there is none that reads plausibly."""
    return max(_zones().values(), default=None)


def gpu_zone_c() -> float | None:
    """Read the zone of a GPU that is part of the processor, as on a Jetson."""
    found = [value for name, value in _zones().items() if name.lower().startswith("gpu")]
    return max(found, default=None)


def _zones() -> dict[str, float]:
    """Read °C by the zone's name, for zones that read plausibly; the hotter one of equal names."""
    zones: dict[str, float] = {}
    for folder in sorted(THERMAL.glob("thermal_zone*")):
        name, millidegrees = text_of(folder / "type").strip(), number_of(folder / "temp")
        if millidegrees is None or name.startswith(_CONSTANT):
            continue
        value = millidegrees / 1e3
        if _PLAUSIBLE_C[0] < value < _PLAUSIBLE_C[1]:
            zones[name] = max(value, zones.get(name, value))
    return zones
