"""Where a run stands, how far it goes, and the learning rate there."""

import math
from dataclasses import dataclass

from typing_extensions import Self

from ..train_config import TrainConfig


@dataclass(frozen=True, slots=True)
class Position:
    """The batch that comes next."""

    step: int = 0
    """Batches taken, over all epochs."""

    epoch: int = 0
    """Epochs completed."""

    batch: int = 0
    """Batches taken of the epoch that is under way."""

    def after(self, batches: int) -> Self:
        """Return the position after one more batch, in an epoch of `batches`."""
        ends = self.batch + 1 == batches
        return type(self)(self.step + 1, self.epoch + ends, 0 if ends else self.batch + 1)


class Schedule:
    """
    Linear warm-up, then half a cosine down to zero.

    A run of `steps` measures itself in steps; a run of `epochs` in epochs and their parts, since
    hard negatives may make an epoch a batch shorter than another.
    """

    def __init__(self, config: TrainConfig, batches_per_epoch: int) -> None:
        """
        Take the lengths from the config.

        Args:
            config: of the run.
            batches_per_epoch: full batches that the places give; converts a warm-up in steps
                to epochs and one in epochs to steps.

        """
        self._by_epochs = config.epochs is not None
        nominal = max(1, batches_per_epoch)
        self._length = float(config.epochs or config.steps or 0)
        self.steps = (config.epochs or 0) * nominal if self._by_epochs else int(self._length)
        if config.warmup_epochs is not None:
            warmup = config.warmup_epochs * (1 if self._by_epochs else nominal)
        else:
            warmup = config.warmup_steps / (nominal if self._by_epochs else 1)
        self._warmup = min(warmup, self._length)

    def over(self, at: Position) -> bool:
        """Say whether no batch comes any more."""
        return (at.epoch if self._by_epochs else at.step) >= self._length

    def share(self, at: Position, batches: int) -> float:
        """
        Return the share of the peak rate at one batch, in (0, 1].

        Args:
            at: the batch's position.
            batches: of its epoch.

        """
        one = 1 / batches if self._by_epochs else 1.0
        now = at.epoch + at.batch / batches if self._by_epochs else float(at.step)
        if now < self._warmup:
            return min(1.0, (now + one) / self._warmup)
        done = (now - self._warmup) / max(one, self._length - self._warmup)
        return 0.5 * (1 + math.cos(math.pi * done))
