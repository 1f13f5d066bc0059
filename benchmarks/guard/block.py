"""What one process of the guard measured: one block of every ratio."""

import time
from collections.abc import Callable

from pydantic import NonNegativeFloat

from ...runtime.artifact import Artifact

BLOCK = "block.json"
"""File in which a worker leaves its block."""


class Clocked(Artifact):
    """The runs of one piece of work."""

    wall_s: tuple[NonNegativeFloat, ...]
    """Seconds by the host's monotonic clock, run by run."""

    cpu_s: tuple[NonNegativeFloat, ...]
    """Seconds that the process's threads computed meanwhile, together."""

    stationary: bool
    """Whether CPU times settled during warm-up."""


class Block(Artifact):
    """All methods and yardsticks in one process, taking turns run by run."""

    methods: dict[str, Clocked]
    """By method."""

    yardsticks: dict[str, Clocked]
    """By method, its yardstick."""

    others_cores: NonNegativeFloat | None
    """Cores that other processes used meanwhile; None where the system does not tell."""


def clock(run: Callable[[], object]) -> tuple[float, float]:
    """Run once; return its seconds by the wall's clock and by the processor's."""
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu
