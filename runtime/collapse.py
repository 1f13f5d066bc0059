"""Notice a network that gives one point for every image: any of them would match anything."""

import numpy as np
from numpy.typing import NDArray

from .embeddings import COLLAPSE_ROWS, COLLAPSE_SPREAD
from .errors import EmbeddingError

ALIKE_LEVELS = 8.0
"""Images that differ by less, as a mean over their pixels, may well embed to one point: tiles of
the sea. Of 255; above the noise of a JPEG, far below two different places."""


class CollapseWatch:
    """
    Watches a run until its network is known to be sound.

    The first embedding that differs from the run's first one settles it. Until then those
    images count that differ visibly from the first image: `COLLAPSE_ROWS` in all, the first
    included, at one point are a collapse. A map with nothing but sea never counts.
    """

    def __init__(self, name: str) -> None:
        """Start with a run; `name` is what a message calls the embeddings."""
        self._name = name
        self._first: tuple[NDArray[np.uint8], NDArray[np.float32]] | None = None
        self._different = 1
        self._sound = False

    def see(self, images: NDArray[np.uint8], embeddings: NDArray[np.float32]) -> None:
        """
        Look at a batch.

        Args:
            images: [B, H, W, 3] uint8, B ≥ 1.
            embeddings: [B, D] float32, rows of unit length.

        Raises:
            EmbeddingError: `COLLAPSE_ROWS` different images have given one point.

        """
        if self._sound:
            return
        if self._first is None:
            self._first = images[0].copy(), embeddings[0].copy()
        image, embedding = self._first
        # Two rows lie twice as far apart (squared) as each from their mean.
        distances = np.square(embeddings - embedding).sum(axis=1)
        self._sound = bool((distances > 2 * COLLAPSE_SPREAD).any())
        if self._sound:
            return
        levels = np.abs(images - image.astype(np.int16)).mean(axis=(1, 2, 3))
        self._different += int((levels > ALIKE_LEVELS).sum())
        if self._different >= COLLAPSE_ROWS:
            raise EmbeddingError(
                f"{self._name}: {self._different} different images gave one point; the network "
                "has collapsed: train or export it again"
            )
