"""What every row says of how it came about; a figure that was not measured is None."""

from typing import Any, Literal

from pydantic import Field, NonNegativeFloat, PositiveInt, model_validator
from typing_extensions import Self

from ...runtime.artifact import Artifact
from ..machine.conditions import Conditions
from ..machine.machine import Machine

SCHEMA_VERSION = 4
"""What `lines.read_lines` accepts."""


class Result(Artifact):
    """One row, of any kind. A subclass has a `kind`, by which a line is told from others."""

    schema_version: Literal[4] = 4
    """Version of these fields; another one is refused."""

    versions: dict[str, str]
    """Packages that ran."""

    machine: Machine
    """Where they ran."""

    artifacts: dict[str, str] = Field(default_factory=dict)
    """sha256 of each file that ran or was read, in hexadecimal, by its role."""

    configuration: dict[str, Any] = Field(default_factory=dict)
    """The network's configuration, with its image sizes; empty where no network ran."""


class TimedResult(Result):
    """A row of times."""

    samples: PositiveInt
    """Timed runs behind the figures."""

    rounds: PositiveInt
    """Interleaved rounds they were taken in."""

    samples_ms: tuple[NonNegativeFloat, ...]
    """Each timed run, in order; every round has the same number of them."""

    stationary: bool
    """Whether the times settled during warm-up; if not, distrust the row."""

    others_cores: NonNegativeFloat | None
    """Cores that other processes used on average while the method ran; None where the system
    does not tell. Well above zero, distrust the row."""

    threads: PositiveInt
    """Threads the method could use."""

    tf32: bool
    """Whether FP32 products could run in TF32; never on a CPU."""

    conditions: Conditions | None = None
    """Clocks, temperature and throttling while the method ran; None where nobody looked."""

    @model_validator(mode="after")
    def _samples_agree(self) -> Self:
        if len(self.samples_ms) != self.samples:
            raise ValueError(f"samples is {self.samples}, samples_ms has {len(self.samples_ms)}")
        if self.samples % self.rounds:
            raise ValueError(f"{self.samples} samples do not divide into {self.rounds} rounds")
        return self
