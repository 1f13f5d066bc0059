"""Whether clocks are held down is read from cooling devices and event counters."""

from pathlib import Path

import pytest

from clnet.benchmarks.machine import throttling
from clnet.benchmarks.machine.throttling import events, held_down


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("THERMAL", "HWMON", "CPUS"):
        monkeypatch.setattr(throttling, name, tmp_path / name)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def device(files: Path, number: int, name: str, state: str) -> None:
    write(files / f"THERMAL/cooling_device{number}/type", name + "\n")
    write(files / f"THERMAL/cooling_device{number}/cur_state", state + "\n")


def test_a_brake_that_is_on_is_named(files: Path) -> None:
    for number, (name, state) in enumerate(
        [("gpu-throttle-alert", "1"), ("cpu-throttle-alert", "0"), ("cpufreq-cpu0", "3")]
    ):
        device(files, number, name, state)

    assert held_down() == {"gpu-throttle-alert", "cpufreq-cpu0"}


def test_a_fan_holds_no_clock_down(files: Path) -> None:
    device(files, 0, "pwm-fan", "2")
    device(files, 1, "cpufreq-cpu0", "0")

    assert held_down() == frozenset()


def test_over_currents_and_thermal_events_are_counted(files: Path) -> None:
    write(files / "HWMON/hwmon2/oc3_event_cnt", "7\n")
    for core in range(2):
        write(files / f"CPUS/cpu{core}/thermal_throttle/core_throttle_count", "4\n")

    assert events() == {"over-current oc3": 7, "processor's thermal limit": 8}


def test_where_nobody_looks_nothing_is_claimed(files: Path) -> None:
    device(files, 0, "pwm-fan", "2")
    device(files, 1, "Processor", "0")

    assert (held_down(), events()) == (None, None)
