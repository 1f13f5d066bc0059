"""What a machine was like while it measured: clocks, temperature, throttling."""

from pydantic import NonNegativeFloat

from ...runtime.artifact import Artifact


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
