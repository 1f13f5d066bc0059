"""What a turn costs in energy; a machine without a readable counter has no figure."""

from typing import Protocol

from ...runtime.errors import BackendUnavailable
from .nvml import NvmlGpu, open_nvml
from .tegrastats import open_tegrastats


class EnergyMeter(Protocol):
    """Counts between `start` and `stop`; may be started again."""

    @property
    def source(self) -> str | None:
        """What counts, such as `nvml` or `tegrastats VDD_IN`; None for a meter that cannot."""

    @property
    def reason(self) -> str | None:
        """Why there is no figure; None for a meter that counts."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> float | None:
        """
        End.

        Returns:
            Joules since `start`, idle power included; None where the counter did not tell.

        """


class AbsentMeter:
    """Stands where no counter is readable."""

    source = None

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> float | None:
        """Have no figure."""
        return None


class NvmlMeter:
    """The whole GPU by its driver's counter: board and memory, not the host."""

    source = "nvml"
    reason = None

    def __init__(self, gpu: NvmlGpu) -> None:
        self._gpu = gpu
        self._before_j: float | None = None

    def start(self) -> None:
        """Read the counter."""
        self._before_j = self._gpu.energy_j()

    def stop(self) -> float | None:
        """Read it again; None, too, if it has not moved, which no running GPU can mean."""
        now_j = self._gpu.energy_j()
        if now_j is None or self._before_j is None or now_j <= self._before_j:
            return None
        return now_j - self._before_j


def open_energy_meter(*, on_gpu: bool) -> EnergyMeter:
    """
    Find a counter for a method.

    Args:
        on_gpu: whether it runs on the GPU. NVML counts the GPU alone: of a method on the CPU it
            would tell what the idle GPU burns. A Jetson's rails feed both.

    Returns:
        An absent meter, with every reason, where there is none.

    """
    reasons = [] if on_gpu else ["nvml: counts the GPU, and this runs on the CPU"]
    if on_gpu:
        try:
            gpu = open_nvml()
            if gpu.energy_j() is not None:
                return NvmlMeter(gpu)
            reasons.append("nvml: this GPU has no energy counter")
        except BackendUnavailable as error:
            reasons.append(str(error))
    try:
        return open_tegrastats()
    except BackendUnavailable as error:
        reasons.append(str(error))
    return AbsentMeter(f"no readable energy counter: {'; '.join(reasons)}")
