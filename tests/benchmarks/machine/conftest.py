"""A stand-in for NVML's module, with the names of nvidia-ml-py."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from clnet.benchmarks.machine import nvml
from clnet.runtime.errors import BackendUnavailable

UUID = "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f"


class NVMLError(Exception):
    """As pynvml's."""


class FakeNvml(SimpleNamespace):
    """Knows one GPU; an attribute of `tells` that is None is not supported."""

    NVMLError = NVMLError
    NVML_CLOCK_SM = 1
    NVML_TEMPERATURE_GPU = 0
    nvmlClocksEventReasonGpuIdle = 0x1
    nvmlClocksEventReasonApplicationsClocksSetting = 0x2
    nvmlClocksEventReasonSwPowerCap = 0x4
    nvmlClocksEventReasonHwSlowdown = 0x8
    nvmlClocksEventReasonSyncBoost = 0x10
    nvmlClocksEventReasonSwThermalSlowdown = 0x20
    nvmlClocksEventReasonHwThermalSlowdown = 0x40
    nvmlClocksEventReasonHwPowerBrakeSlowdown = 0x80
    nvmlClocksEventReasonDisplayClockSetting = 0x100

    def __init__(self) -> None:
        super().__init__()
        self.tells: dict[str, Any] = {
            "ClockInfo": 1980,
            "Temperature": 41,
            "EnforcedPowerLimit": 700_000,
            "CurrentClocksEventReasons": 0,
            "TotalEnergyConsumption": 5_000_000,
            "ComputeRunningProcesses": [],
        }

    def nvmlInit(self) -> None:
        if not self.tells:
            raise NVMLError("Driver Not Loaded")

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        return uuid

    def _tell(self, what: str, handle: object) -> Any:
        assert handle == UUID
        if self.tells.get(what) is None:
            raise NVMLError("Not Supported")
        return self.tells[what]

    def nvmlDeviceGetClockInfo(self, handle: object, clock: int) -> Any:
        assert clock == self.NVML_CLOCK_SM
        return self._tell("ClockInfo", handle)

    def nvmlDeviceGetTemperature(self, handle: object, sensor: int) -> Any:
        assert sensor == self.NVML_TEMPERATURE_GPU
        return self._tell("Temperature", handle)

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: object) -> Any:
        return self._tell("EnforcedPowerLimit", handle)

    def nvmlDeviceGetCurrentClocksEventReasons(self, handle: object) -> Any:
        return self._tell("CurrentClocksEventReasons", handle)

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: object) -> Any:
        return self._tell("TotalEnergyConsumption", handle)

    def nvmlDeviceGetComputeRunningProcesses(self, handle: object) -> Any:
        return self._tell("ComputeRunningProcesses", handle)


@pytest.fixture
def fake_nvml(monkeypatch: pytest.MonkeyPatch) -> FakeNvml:
    """A machine with a GPU and NVML."""
    fake = FakeNvml()
    monkeypatch.setitem(sys.modules, "pynvml", fake)
    monkeypatch.setattr(nvml, "gpu_uuid", lambda: UUID)
    return fake


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a GPU."""

    def missing() -> str:
        raise BackendUnavailable("no NVIDIA driver")

    monkeypatch.setattr(nvml, "gpu_uuid", missing)
