"""Which inputs an engine takes: one optimization profile, as TensorRT calls it."""

from collections.abc import Mapping

from pydantic import Field, model_validator
from typing_extensions import Self

from ..artifact import Artifact


class Range(Artifact):
    """What one input may be, number by number."""

    min: tuple[int, ...]
    """The least it takes."""

    opt: tuple[int, ...]
    """What the kernels are chosen for."""

    max: tuple[int, ...]
    """The most it takes."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        triples = zip(self.min, self.opt, self.max, strict=True)  # unequal lengths raise as well
        if not all(low <= middle <= high for low, middle, high in triples):
            raise ValueError(f"expected min ≤ opt ≤ max, got {self.min}, {self.opt}, {self.max}")
        return self

    def holds(self, numbers: tuple[int, ...]) -> bool:
        """Tell whether `numbers` lie within, both ends included."""
        return len(numbers) == len(self.min) and all(
            low <= number <= high
            for low, number, high in zip(self.min, numbers, self.max, strict=True)
        )


class Profile(Artifact):
    """One range for every input of an engine, by the input's name."""

    shapes: dict[str, Range]
    """Dimensions of the inputs: [B, 3, H, W], say."""

    values: dict[str, Range] = Field(default_factory=dict)
    """Contents of the inputs that themselves decide a shape: the matcher's k."""

    def admits(self, shapes: Mapping[str, tuple[int, ...]]) -> bool:
        """Tell whether inputs of these shapes, one for each input with a range, fit."""
        return shapes.keys() == self.shapes.keys() and all(
            self.shapes[name].holds(shape) for name, shape in shapes.items()
        )
