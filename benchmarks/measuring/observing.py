"""What is watched in a method's process while its turn runs, besides the time."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, TypeVar

from ..machine.conditions import Conditions, ConditionsWatch, worse
from ..machine.device_memory import DeviceMemoryWatch
from ..machine.energy import EnergyMeter
from .contention import Watch
from .messages import Energy
from .resident import peak_mib

Answer = TypeVar("Answer")


class Observer:
    """Starts when it is made; looks when it is asked, and no thread runs meanwhile."""

    def __init__(self, *, on_gpu: bool) -> None:
        """
        Start.

        Args:
            on_gpu: whether the method runs on the GPU; only then is its driver asked.

        """
        self._conditions = ConditionsWatch(on_gpu=on_gpu)
        self._device_memory = DeviceMemoryWatch() if on_gpu else None
        self._others = Watch()

    def seen(self) -> dict[str, Any]:
        """Fill the fields of a `Reply` that say what was seen since the start."""
        device = self._device_memory
        return {
            "others_cores": self._others.others_cores(),
            "peak_mib": peak_mib(),
            "peak_device_mib": None if device is None else device.peak_mib(),
            "conditions": self._conditions.worst(),
        }


def metered(meter: EnergyMeter, work: Callable[[], Answer]) -> tuple[Answer, Energy]:
    """Do some work while a counter counts."""
    meter.start()
    answer = work()
    joules = meter.stop()
    return answer, Energy(joules=joules, source=meter.source, reason=meter.reason)


def worst_of(conditions: Sequence[Conditions]) -> Conditions | None:
    """Take the worst of several turns; None where nobody looked."""
    return reduce(worse, conditions) if conditions else None
