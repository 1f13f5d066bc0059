"""What a measurement and the process of one method say to each other, a JSON line each."""

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from ...runtime.artifact import Artifact

Times = dict[str, tuple[float, ...]]
"""By part (a view, or `all`): the seconds of each run."""


class Turn(Artifact):
    """A request: run this often."""

    runs: PositiveInt = 1
    """Timed runs of every part, the parts taking turns."""

    settle: NonNegativeInt = 0
    """Untimed runs before them."""


class Reply(Artifact):
    """The answer to a job (no times: it is ready) or to a turn."""

    times: Times = Field(default_factory=dict)
    """What was measured."""

    others_cores: NonNegativeFloat | None = None
    """Cores that other processes used meanwhile; None where the system does not tell."""

    peak_mib: NonNegativeFloat | None = None
    """The most memory that was resident so far, in MiB; None where the system does not tell."""

    failure: str | None = None
    """Why there are no figures, as the error says it; the process ends after it."""
