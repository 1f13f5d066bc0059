"""
Batches of augmented pairs, prepared ahead in threads.

Threads, not processes: OpenCV and numpy release the interpreter's lock while they decode, resize
and filter, and all threads read the one copy of the data set in memory.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...runtime.closing import Closing
from ...runtime.cores import usable_cores
from ...runtime.datasets import Place
from ...runtime.progress import Progress, silent
from ...runtime.read_ahead import read_ahead
from ..augmentation import AugmentationConfig, augment_pair, check_rotation, pair_chance
from ..config import NetworkConfig
from .normalising import Normaliser
from .view_images import ViewImages

BATCHES_AHEAD = 2
"""Batches that are ready or under way while the network is busy with one."""

PIECES = 4
"""Parts of a batch that a thread takes, so that all threads end together."""

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Planned:
    """A batch to prepare."""

    step: int
    """Handed through."""

    epoch: int
    """From 0; decides the augmentation, together with the seed and each place's id."""

    rows: NDArray[np.int64]
    """[B] int64 rows of the places."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A prepared batch."""

    step: int
    """As planned."""

    ground: Tensor
    """[B, 3, H, W] float32 on the CPU, normalised, channels last in memory."""

    satellite: Tensor
    """[B, 3, h, w] float32 on the CPU, normalised, channels last in memory."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some pairs of a batch, and where they go."""

    plan: Planned
    ground: NDArray[np.float32]
    satellite: NDArray[np.float32]
    pairs: range

    @property
    def is_last(self) -> bool:
        return self.pairs.stop == len(self.plan.rows)


class PairLoader(Closing):
    """Decodes, augments and normalises the pairs of a training set."""

    def __init__(
        self,
        places: Sequence[Place],
        network: NetworkConfig,
        augmentation: AugmentationConfig,
        seed: int,
        *,
        cache_mib: int = 2048,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> None:
        """
        Decode the data set now if it fits the cache, else at every use.

        Args:
            places: the training set.
            network: sizes and statistics of the two views.
            augmentation: what may happen to a pair.
            seed: of the run.
            cache_mib: memory that decoded images may take in this process: each of several that
                train together keeps all.
            threads: that prepare batches; None takes the cores this process may use.
            progress: told about decoding.

        Raises:
            ConfigError: the images cannot be turned as the augmentation says.
            DataError: an image is missing or cannot be decoded (where it is decoded now).

        """
        check_rotation(augmentation, network)
        listed = [place.row or f"place {place.id}" for place in places]
        self.ground = ViewImages([place.ground for place in places], network.ground, listed)
        self.satellite = ViewImages(
            [place.satellite for place in places], network.satellite, listed
        )
        self._ids = [place.id for place in places]
        self._augmentation = augmentation
        self._seed = seed
        self._threads = threads or usable_cores()
        self._normalise_ground = Normaliser(network.ground)
        self._normalise_satellite = Normaliser(network.satellite)
        self._running: Generator[_Piece, None, None] | None = None
        if self.ground.fitted_bytes + self.satellite.fitted_bytes <= cache_mib * MIB:
            self.ground.keep(progress, self._threads)
            self.satellite.keep(progress, self._threads)

    def batches(self, plan: Iterable[Planned]) -> Iterator[Batch]:
        """
        Prepare batches, some ahead of their use. One plan is under way at a time.

        Args:
            plan: taken up as batches leave.

        Yields:
            The batches in their order, the caller's to keep.

        Raises:
            DataError: an image is missing or cannot be decoded; names it, and where it is listed.

        """
        self.close()
        pieces = self._threads * PIECES
        self._running = read_ahead(
            self._prepared,
            (piece for planned in plan for piece in self._pieces(planned, pieces)),
            threads=self._threads,
            ahead=BATCHES_AHEAD * pieces,
        )
        with closing(self._running) as running:
            for piece in running:
                if piece.is_last:
                    ground, satellite = (
                        torch.from_numpy(images).permute(0, 3, 1, 2)
                        for images in (piece.ground, piece.satellite)
                    )
                    yield Batch(piece.plan.step, ground, satellite)

    def close(self) -> None:
        """Stop the threads, if a plan is under way."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _pieces(self, planned: Planned, count: int) -> Iterator[_Piece]:
        pairs = len(planned.rows)
        ground, satellite = (
            np.empty((pairs, view.preprocess.height, view.preprocess.width, 3), np.float32)
            for view in (self.ground, self.satellite)
        )
        size = -(-pairs // count)
        for first in range(0, pairs, size):
            some = range(first, min(first + size, pairs))
            yield _Piece(planned, ground, satellite, some)

    def _prepared(self, piece: _Piece) -> _Piece:
        for pair in piece.pairs:
            row = int(piece.plan.rows[pair])
            ground, satellite = augment_pair(
                self.ground.image(row),
                self.satellite.image(row),
                self._augmentation,
                pair_chance(self._seed, piece.plan.epoch, self._ids[row]),
            )
            self._normalise_ground.into(ground, piece.ground[pair])
            self._normalise_satellite.into(satellite, piece.satellite[pair])
        return piece
