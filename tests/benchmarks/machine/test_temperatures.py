"""Temperatures come from thermal zones, but for those that measure nothing."""

from pathlib import Path

import pytest

from clnet.benchmarks.machine import temperatures
from clnet.benchmarks.machine.temperatures import gpu_zone_c, hottest_c

ORIN = (("CPU-therm", "50125"), ("GPU-therm", "47500"), ("CV0-therm", "-256000"), ("tj", "50125"))


@pytest.fixture(autouse=True)
def thermal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(temperatures, "THERMAL", tmp_path)
    return tmp_path


def add(thermal: Path, *zones: tuple[str, str]) -> None:
    for name, millidegrees in zones:
        folder = thermal / f"thermal_zone{len(list(thermal.iterdir()))}"
        folder.mkdir()
        (folder / "type").write_text(name + "\n")
        (folder / "temp").write_text(millidegrees + "\n")


def test_the_hottest_zone_and_the_gpus_are_read_in_degrees(thermal: Path) -> None:
    add(thermal, *ORIN)

    assert (hottest_c(), gpu_zone_c()) == (50.125, 47.5)


@pytest.mark.parametrize(
    "zone", [("PMIC-Die", "100000"), ("CV0-therm", "-256000"), ("broken", "200000"), ("off", "")]
)
def test_a_zone_that_measures_nothing_is_left_out(thermal: Path, zone: tuple[str, str]) -> None:
    add(thermal, ("x86_pkg_temp", "40000"), zone)

    assert hottest_c() == 40.0


def test_a_machine_without_zones_has_no_temperature() -> None:
    assert (hottest_c(), gpu_zone_c()) == (None, None)
