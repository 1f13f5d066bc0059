"""What NVML tells arrives in our units, and what it does not tell is None."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from clnet.benchmarks.machine.nvml import open_nvml
from clnet.runtime.errors import BackendUnavailable


def test_figures_arrive_in_our_units(fake_nvml: Any) -> None:
    gpu = open_nvml()

    assert (gpu.clock_mhz(), gpu.temperature_c()) == (1980, 41)
    assert (gpu.power_limit_w(), gpu.energy_j()) == (700.0, 5000.0)
    assert gpu.throttling() == frozenset()


def test_what_the_driver_does_not_support_is_none(fake_nvml: Any) -> None:
    gpu = open_nvml()
    fake_nvml.tells = {}

    assert {gpu.clock_mhz(), gpu.temperature_c(), gpu.power_limit_w()} == {None}
    assert {gpu.energy_j(), gpu.throttling(), gpu.held_mib(1)} == {None}


def test_reasons_are_told_in_words(fake_nvml: Any) -> None:
    fake_nvml.tells["CurrentClocksEventReasons"] = 0x4 | 0x40

    assert open_nvml().throttling() == {"power cap", "hardware thermal slowdown"}


def test_an_idle_gpus_clock_is_no_clock_and_idleness_no_reason(fake_nvml: Any) -> None:
    fake_nvml.tells["CurrentClocksEventReasons"] = 0x1

    gpu = open_nvml()

    assert gpu.clock_mhz() is None
    assert gpu.throttling() == frozenset()


@pytest.mark.parametrize(("pid", "expected"), [(7, 300.0), (8, None), (9, None)])
def test_memory_is_that_of_the_process(fake_nvml: Any, pid: int, expected: float | None) -> None:
    fake_nvml.tells["ComputeRunningProcesses"] = [
        SimpleNamespace(pid=7, usedGpuMemory=300 * 2**20),
        SimpleNamespace(pid=8, usedGpuMemory=None),
    ]

    assert open_nvml().held_mib(pid) == expected


def test_without_the_package_the_remedy_is_named(
    fake_nvml: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)

    with pytest.raises(BackendUnavailable, match="pip install nvidia-ml-py"):
        open_nvml()


def test_a_driver_without_nvml_is_said(fake_nvml: Any) -> None:
    fake_nvml.tells = {}

    with pytest.raises(BackendUnavailable, match="nvml: Driver Not Loaded"):
        open_nvml()


def test_the_package_without_a_driver_is_said_in_its_words(
    fake_nvml: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys.modules.pop("pynvml")
    pynvml = pytest.importorskip("pynvml", reason="NVML's names: pip install nvidia-ml-py")
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: pynvml.nvmlDeviceGetCount())

    with pytest.raises(BackendUnavailable, match="nvml: Uninitialized"):
        open_nvml()


def test_the_stand_in_has_the_names_of_the_package(fake_nvml: Any) -> None:
    sys.modules.pop("pynvml")
    pynvml = pytest.importorskip("pynvml", reason="NVML's names: pip install nvidia-ml-py")

    names = vars(type(fake_nvml))
    ours = {name: names[name] for name in names if name[:4].lower() == "nvml"}
    assert set(ours) <= set(dir(pynvml))
    constants = {name: value for name, value in ours.items() if isinstance(value, int)}
    assert constants == {name: getattr(pynvml, name) for name in constants}
