"""
What NVIDIA's management library (NVML) tells of the GPU; what it does not tell is None.

The module is `pynvml` of the distribution nvidia-ml-py. A Jetson's driver answers few of these.
"""

from typing import Any

from ...runtime.engine.gpu import gpu_uuid
from ...runtime.errors import BackendUnavailable

_REASONS = {
    "nvmlClocksEventReasonApplicationsClocksSetting": "clocks set by the user",
    "nvmlClocksEventReasonSwPowerCap": "power cap",
    "nvmlClocksEventReasonHwSlowdown": "hardware slowdown",
    "nvmlClocksEventReasonSyncBoost": "sync boost",
    "nvmlClocksEventReasonSwThermalSlowdown": "thermal slowdown",
    "nvmlClocksEventReasonHwThermalSlowdown": "hardware thermal slowdown",
    "nvmlClocksEventReasonHwPowerBrakeSlowdown": "power brake",
    "nvmlClocksEventReasonDisplayClockSetting": "display clock setting",
}


class NvmlGpu:
    """The first GPU in CUDA's order, which may have another number in NVML's."""

    def __init__(self, nvml: Any, handle: object) -> None:  # noqa: ANN401
        self._nvml = nvml
        self._handle = handle

    def clock_mhz(self) -> float | None:
        """Read the clock of the multiprocessors; None, too, while the GPU idles."""
        reasons = self._reasons()
        if reasons is not None and reasons & self._nvml.nvmlClocksEventReasonGpuIdle:
            return None
        clock: float | None = self._ask("nvmlDeviceGetClockInfo", self._nvml.NVML_CLOCK_SM)
        return clock

    def temperature_c(self) -> float | None:
        """Read the GPU's temperature."""
        sensor = self._nvml.NVML_TEMPERATURE_GPU
        temperature: float | None = self._ask("nvmlDeviceGetTemperature", sensor)
        return temperature

    def power_limit_w(self) -> float | None:
        """Read the limit in force, which NVML tells in milliwatts."""
        milliwatts = self._ask("nvmlDeviceGetEnforcedPowerLimit")
        return None if milliwatts is None else milliwatts / 1e3

    def throttling(self) -> frozenset[str] | None:
        """List why clocks are held down, in words; an idle GPU's low clock is no reason."""
        reasons = self._reasons()
        if reasons is None:
            return None
        names = {words for name, words in _REASONS.items() if reasons & getattr(self._nvml, name)}
        return frozenset(names)

    def energy_j(self) -> float | None:
        """Read the energy since the driver was loaded, which NVML tells in millijoules."""
        millijoules = self._ask("nvmlDeviceGetTotalEnergyConsumption")
        return None if millijoules is None else millijoules / 1e3

    def held_mib(self, pid: int) -> float | None:
        """Read the memory that a process holds; None in a container that numbers it otherwise."""
        processes = self._ask("nvmlDeviceGetComputeRunningProcesses") or ()
        held = [one.usedGpuMemory for one in processes if one.pid == pid]
        return held[0] / 2**20 if held and held[0] is not None else None

    def _reasons(self) -> int | None:
        reasons: int | None = self._ask("nvmlDeviceGetCurrentClocksEventReasons")
        return reasons

    def _ask(self, function: str, *of: object) -> Any:  # noqa: ANN401
        try:
            return getattr(self._nvml, function)(self._handle, *of)
        except self._nvml.NVMLError:
            return None


def open_nvml() -> NvmlGpu:
    """
    Find the GPU that CUDA counts first. NVML stays open until the process ends.

    Raises:
        BackendUnavailable: no NVIDIA driver, no GPU, no NVML, or nvidia-ml-py is not installed.

    """
    try:
        uuid = gpu_uuid()
    except BackendUnavailable as error:
        raise BackendUnavailable("nvml: no GPU with an NVIDIA driver") from error
    try:
        import pynvml
    except ImportError as error:
        raise BackendUnavailable("nvml: no pynvml here: pip install nvidia-ml-py") from error
    try:
        pynvml.nvmlInit()
        return NvmlGpu(pynvml, pynvml.nvmlDeviceGetHandleByUUID(uuid))
    except pynvml.NVMLError as error:
        raise BackendUnavailable(f"nvml: {error}") from error


def nvml_or_none() -> NvmlGpu | None:
    """Do as `open_nvml`; None where that raises."""
    try:
        return open_nvml()
    except BackendUnavailable:
        return None
