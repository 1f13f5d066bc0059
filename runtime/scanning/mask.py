"""Search some rows of a gallery only."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..errors import ShapeError
from .scanner import Floats

PIECE_ROWS = 8192
"""Selected rows copied at a time: 32 MiB at 1,024-d. Rows that lie together are not copied."""


def check_mask(mask: NDArray[np.bool_], size: int | None) -> None:
    """
    Check a mask before any work.

    Args:
        mask: what shall be bool [N].
        size: N, or None where it is not known yet.

    Raises:
        ShapeError: it is not.

    """
    if mask.ndim != 1 or mask.dtype != np.bool_ or (size is not None and len(mask) != size):
        expected = f"bool [{'N' if size is None else size}]"
        raise ShapeError("mask", expected, f"{mask.dtype} {list(mask.shape)}")


def masked_rows(gallery: Floats | Iterable[Floats], mask: NDArray[np.bool_]) -> Iterator[Floats]:
    """
    Give the selected rows of a gallery, in gallery order.

    Args:
        gallery: [N, D], or an iterable of blocks of it.
        mask: [N] bool.

    Yields:
        [n, D] with n ≤ `PIECE_ROWS`.

    Raises:
        ShapeError: the blocks have not N rows together.

    """
    start = 0
    for block in [gallery] if isinstance(gallery, np.ndarray) else gallery:
        rows = np.flatnonzero(mask[start : start + len(block)])
        for first in range(0, len(rows), PIECE_ROWS):
            yield _take(block, rows[first : first + PIECE_ROWS])
        start += len(block)
        del block  # before the next block is read
    if start != len(mask):
        raise ShapeError("mask", f"bool [{start}]", f"bool [{len(mask)}]")


def _take(block: Floats, rows: NDArray[np.int64]) -> Floats:
    first, last = rows[0], rows[-1] + 1
    return block[first:last] if last - first == len(rows) else block[rows]
