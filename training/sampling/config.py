"""Where hard negatives come from, and how many of them a batch takes."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt, model_validator
from typing_extensions import Self

from ...runtime.artifact import Artifact


class NegativesConfig(Artifact):
    """Hard negatives; the numbers are Sample4Geo's (facts/benchmarks.md, section 4)."""

    kind: Literal["none", "gps", "similarity", "gps-then-similarity"] = "none"
    """
    `none`: random batches. `gps`: the nearest places. `similarity`: the tiles most like a
    place's ground image, once there are embeddings. The last begins with the first.
    """

    table: PositiveInt = 128
    """T, neighbours of each place that a table holds."""

    neighbours: PositiveInt = 64
    """Neighbours that a seed brings into its batch, as far as they fit."""

    nearest: NonNegativeInt = 32
    """How many of them are the first of the table; the others are drawn from its rest."""

    refresh_every_epochs: PositiveInt = 4
    """Epochs between two tables of similarity; the first is made after as many."""

    @model_validator(mode="after")
    def _counts_rise(self) -> Self:
        if not self.nearest <= self.neighbours <= self.table:
            raise ValueError(
                f"expected nearest <= neighbours <= table, got {self.nearest}, "
                f"{self.neighbours}, {self.table}"
            )
        return self
