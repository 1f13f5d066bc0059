"""The worst of several looks is kept; what nobody tells is None."""

from pathlib import Path
from typing import Any

import pytest

from clnet.benchmarks.machine import clocks, temperatures, throttling
from clnet.benchmarks.machine.conditions import Conditions, ConditionsWatch, worse

NOTHING = Conditions(
    cpu_mhz=None,
    cpu_temperature_c=None,
    gpu_mhz=None,
    gpu_temperature_c=None,
    gpu_power_limit_w=None,
    throttling=None,
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CPUS", "CPUINFO", "DEVFREQ"):
        monkeypatch.setattr(clocks, name, tmp_path / name)
    for name in ("THERMAL", "HWMON", "CPUS"):
        monkeypatch.setattr(throttling, name, tmp_path / name)
    monkeypatch.setattr(temperatures, "THERMAL", tmp_path / "THERMAL")
    return tmp_path


def test_a_machine_that_tells_nothing_has_no_conditions(no_gpu: None) -> None:
    assert ConditionsWatch(on_gpu=True).worst() == NOTHING


def test_the_worst_of_all_looks_is_kept(fake_nvml: Any) -> None:
    watch = ConditionsWatch(on_gpu=True)
    fake_nvml.tells.update(ClockInfo=1400, Temperature=80, CurrentClocksEventReasons=0x20)
    watch.worst()
    fake_nvml.tells.update(ClockInfo=1980, Temperature=60, CurrentClocksEventReasons=0x4)

    worst = watch.worst()

    assert (worst.gpu_mhz, worst.gpu_temperature_c, worst.gpu_power_limit_w) == (1400, 80, 700)
    assert worst.throttling == ("power cap", "thermal slowdown")


def test_a_method_on_the_cpu_does_not_touch_the_driver(fake_nvml: Any) -> None:
    assert ConditionsWatch(on_gpu=False).worst() == NOTHING


def test_an_event_before_the_watch_does_not_count(files: Path) -> None:
    counter = files / "HWMON/hwmon0/oc1_event_cnt"
    counter.parent.mkdir(parents=True)
    counter.write_text("3\n")
    watch = ConditionsWatch(on_gpu=False)

    assert watch.worst().throttling == ()
    counter.write_text("4\n")
    assert watch.worst().throttling == ("over-current oc1",)


def test_what_one_look_does_not_tell_comes_from_the_other() -> None:
    told = NOTHING.model_copy(update={"cpu_mhz": 1200.0, "throttling": ()})

    assert worse(told, NOTHING) == worse(NOTHING, told) == told
