"""How many batches some places can fill when each takes at most one place of a tile."""

import numpy as np
from numpy.typing import NDArray


def most_batches(places_left: NDArray[np.int64], batch_size: int) -> int:
    """
    Count the batches.

    M of them can be filled if and only if the tiles offer M x B places, each at most M: the
    batches are the columns of a table into which the tiles are written one below the other.

    Args:
        places_left: [tiles] int64, places of each tile.
        batch_size: B.

    Returns:
        The largest such M. What holds for M holds for all less (the offer is concave in M).

    """
    least, most = 0, int(places_left.sum()) // batch_size
    while least < most:
        middle = (least + most + 1) // 2
        if np.minimum(places_left, middle).sum() >= middle * batch_size:
            least = middle
        else:
            most = middle - 1
    return least


def must_take(
    places_left: NDArray[np.int64], batch_size: int, batches: int
) -> tuple[NDArray[np.bool_], int]:
    """
    Tell what the next batch must take so that `batches` in all, with it, can still be filled.

    A tile with as many places left as there are batches to come loses one for good in every
    batch that it misses. There are `spare` places to lose.

    Args:
        places_left: [tiles] int64, places of each tile.
        batch_size: B.
        batches: at most `most_batches`.

    Returns:
        [tiles] bool, the crowded tiles; and how many of them, at most B, the batch must hold.

    """
    crowded = places_left >= batches
    spare = int(np.minimum(places_left, batches).sum()) - batches * batch_size
    return crowded, max(0, int(np.count_nonzero(crowded)) - spare)
