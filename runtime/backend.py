"""The one interface every inference backend implements."""

from types import TracebackType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from .preprocess import Preprocess


class Backend(Protocol):
    """Runs one branch. Use it as a context manager: it may own device memory."""

    preprocess: Preprocess
    """How images reach the branch; `embed` normalises by it."""

    embedding_dim: int
    """D, the length of one embedding."""

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """
        Embed a batch.

        Args:
            images: [B, H, W, 3] uint8, RGB, already resized by `preprocess.fit`. B ≥ 1.

        Returns:
            [B, D] float32, rows of unit length. The array is the caller's to keep.

        Raises:
            ShapeError: H, W or dtype differ from `preprocess`, or B is 0 or too large.
            EmbeddingError: the network returned non-finite numbers or no unit vectors.

        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
