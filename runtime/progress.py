"""How a library reports progress without printing: it is handed a `Progress`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Advance(Protocol):
    """Tells the bar that work was done."""

    def __call__(self, count: int = 1, **figures: float) -> None:
        """
        Move on.

        Args:
            count: items done since the last call.
            **figures: current values to show beside the bar, such as `loss=0.31`.

        """
        ...


class Progress(Protocol):
    """Opens one bar: `with progress("train", total=1500, unit="pairs") as advance: …`."""

    def __call__(
        self, label: str, total: int | None, unit: str = "images"
    ) -> AbstractContextManager[Advance]:
        """
        Open a bar.

        Args:
            label: what is being done, one word where possible.
            total: items in all, or None if nobody knows.
            unit: what an item is; the bar shows `unit`/s.

        """
        ...


@contextmanager
def silent(label: str, total: int | None, unit: str = "images") -> Iterator[Advance]:
    """Report to nobody: the default of every library function."""

    def advance(count: int = 1, **figures: float) -> None:
        del count, figures

    yield advance
