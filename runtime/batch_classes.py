"""Batch classes: what an engine's kernels were chosen for, and how a batch is cut to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .engine.profile import Profile


@dataclass(frozen=True, slots=True)
class BatchClass:
    """A batch that runs as it is; smaller ones are padded to it."""

    size: int
    """Rows."""

    profile: int
    """Index of the optimization profile that serves it best."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows `start` to `stop` of a batch, to run in one class."""

    start: int
    stop: int
    batch_class: BatchClass

    @property
    def rows(self) -> int:
        """Rows that are not padding."""
        return self.stop - self.start


def classes_of(profiles: Sequence[Profile], name: str) -> tuple[BatchClass, ...]:
    """
    Read the classes from an engine's profiles.

    Args:
        profiles: in the engine's order.
        name: the input whose first dimension is the batch.

    Returns:
        One class for each size that a profile begins at, is tuned for, or ends at, rising. Each
        goes to the profile tuned for it, else to the first that takes it.

    """
    ranges = [
        (profile.shapes[name].min[0], profile.shapes[name].opt[0], profile.shapes[name].max[0])
        for profile in profiles
    ]
    classes = []
    for size in sorted({size for triple in ranges for size in triple}):
        tuned = [index for index, (_, middle, _) in enumerate(ranges) if middle == size]
        taking = [index for index, (low, _, high) in enumerate(ranges) if low <= size <= high]
        classes.append(BatchClass(size, (tuned or taking)[0]))
    return tuple(classes)


def cut(rows: int, classes: Sequence[BatchClass]) -> Iterator[Part]:
    """
    Cut a batch into full largest classes and a tail in the smallest class that holds it.

    Args:
        rows: of the batch.
        classes: rising.

    """
    largest = classes[-1]
    full = rows - rows % largest.size
    for start in range(0, full, largest.size):
        yield Part(start, start + largest.size, largest)
    if full < rows:
        yield Part(full, rows, next(one for one in classes if one.size >= rows - full))
