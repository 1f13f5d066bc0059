"""What a measurement and the process of one method say to each other, a JSON line each."""

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ...runtime.artifact import Artifact
from ..machine.conditions import Conditions

Times = dict[str, tuple[float, ...]]
"""By part (a view, or `all`): the seconds of each run."""

CUDA_EVENTS = "cuda events"
"""Follows a part's name where the GPU's own clock timed its runs, too."""


class Job(Artifact):
    """A request: prepare another job of the same kind; what was imported stays."""

    job: str
    """The job's JSON."""


class Turn(Artifact):
    """A request: run this often."""

    runs: PositiveInt = 1
    """Timed runs of every part, the parts taking turns."""

    settle: NonNegativeInt = 0
    """Untimed runs before them."""

    parts: tuple[str, ...] = ()
    """Which parts; empty: all."""

    on_gpu: bool = False
    """Whether the GPU runs them; only then is its driver asked for clocks, memory and energy."""

    energy: bool = False
    """Whether to read the energy counter around the timed runs."""


class Energy(Artifact):
    """What a counter told of a turn's timed runs."""

    joules: NonNegativeFloat | None
    """Used by whatever the counter sees, idle power included; None where it did not tell."""

    source: str | None
    """What counts; None where nothing is readable."""

    reason: str | None
    """Why nothing is; None where something counts."""


class Reply(Artifact):
    """The answer to a job (no times: it is ready) or to a turn."""

    parts: tuple[str, ...] = ()
    """To a job: what the process can run."""

    times: Times = Field(default_factory=dict)
    """What was measured."""

    others_cores: NonNegativeFloat | None = None
    """Cores that other processes used meanwhile; None where the system does not tell."""

    peak_mib: NonNegativeFloat | None = None
    """The most memory that was resident so far, in MiB; None where the system does not tell."""

    peak_device_mib: NonNegativeFloat | None = None
    """The most memory that was seen on the GPU so far, in MiB; None without one."""

    conditions: Conditions | None = None
    """The worst that was seen meanwhile; None where nobody looked."""

    energy: Energy | None = None
    """Where it was asked for."""

    failure: str | None = None
    """Why there are no figures, as the error says it; the process ends after it."""
