"""What a machine was like while it measured: clocks, temperature, throttling."""

import os

from pydantic import NonNegativeFloat

from ...runtime.artifact import Artifact
from .clocks import cpu_mhz, devfreq_gpu_mhz
from .nvml import NvmlGpu, nvml_or_none
from .temperatures import gpu_zone_c, hottest_c
from .throttling import events, held_down


class Conditions(Artifact):
    """The worst that was seen during a method's turns. None where the system does not tell."""

    cpu_mhz: NonNegativeFloat | None
    """Lowest mean clock of the processor's cores."""

    cpu_temperature_c: float | None
    """Hottest thermal zone."""

    gpu_mhz: NonNegativeFloat | None
    """Lowest clock of the GPU's multiprocessors."""

    gpu_temperature_c: float | None
    """Hottest moment of the GPU."""

    gpu_power_limit_w: NonNegativeFloat | None
    """What the driver allows the GPU."""

    throttling: tuple[str, ...] | None
    """Why clocks were held down, in the driver's words; empty: they were not."""


class ConditionsWatch:
    """
    Looks when it is asked and remembers the worst; no thread runs meanwhile.

    Make it before the first turn, in the process that will be measured, and call `worst` right
    after each turn: before one, an idle machine's clocks are low for want of work.
    """

    def __init__(self, *, on_gpu: bool) -> None:
        """
        Count from now on.

        Args:
            on_gpu: whether the method runs on the GPU; only then is the driver loaded, which
                takes time and memory.

        """
        self._gpu = nvml_or_none() if on_gpu else None
        self._events = events()
        self._worst: Conditions | None = None

    def worst(self) -> Conditions:
        """Look now; return the worst of all looks."""
        now = _look(self._gpu, self._events)
        self._worst = now if self._worst is None else worse(self._worst, now)
        return self._worst


def worse(one: Conditions, other: Conditions) -> Conditions:
    """Take the worse of each; what one of them does not tell comes from the other."""
    return Conditions(
        cpu_mhz=_least(one.cpu_mhz, other.cpu_mhz),
        cpu_temperature_c=_most(one.cpu_temperature_c, other.cpu_temperature_c),
        gpu_mhz=_least(one.gpu_mhz, other.gpu_mhz),
        gpu_temperature_c=_most(one.gpu_temperature_c, other.gpu_temperature_c),
        gpu_power_limit_w=_least(one.gpu_power_limit_w, other.gpu_power_limit_w),
        throttling=_either(one.throttling, other.throttling),
    )


def _look(gpu: NvmlGpu | None, before: dict[str, float] | None) -> Conditions:
    gpu_mhz = gpu_c = limit_w = reasons = None
    if gpu is not None:
        gpu_mhz, gpu_c = gpu.clock_mhz(), gpu.temperature_c()
        limit_w, reasons = gpu.power_limit_w(), gpu.throttling()
    return Conditions(
        cpu_mhz=cpu_mhz(os.sched_getaffinity(0)),
        cpu_temperature_c=hottest_c(),
        gpu_mhz=devfreq_gpu_mhz() if gpu_mhz is None else gpu_mhz,
        gpu_temperature_c=gpu_zone_c() if gpu_c is None else gpu_c,
        gpu_power_limit_w=limit_w,
        throttling=_throttling(reasons, held_down(), _happened(before, events())),
    )


def _happened(
    before: dict[str, float] | None, after: dict[str, float] | None
) -> frozenset[str] | None:
    if before is None or after is None:
        return None
    return frozenset(name for name, count in after.items() if count > before.get(name, count))


def _throttling(*told: frozenset[str] | None) -> tuple[str, ...] | None:
    known = [reasons for reasons in told if reasons is not None]
    return tuple(sorted(frozenset().union(*known))) if known else None


def _either(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return _throttling(*(None if told is None else frozenset(told) for told in (one, other)))


def _least(one: float | None, other: float | None) -> float | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _most(one: float | None, other: float | None) -> float | None:
    return max((value for value in (one, other) if value is not None), default=None)
