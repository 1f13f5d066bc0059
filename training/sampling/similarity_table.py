"""The tiles most like each place's ground image: what the network confuses now."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...runtime.datasets import Place
from ...runtime.embeddings import check_matrix
from ...runtime.errors import ShapeError
from ...runtime.matcher import Matcher
from .product_scanner import ProductScanner
from .tiles import Tiles


def similarity_table(
    ground: NDArray[np.float32],
    satellite: NDArray[np.float32],
    places: Sequence[Place],
    size: int,
) -> NDArray[np.int32]:
    """
    Find the tiles most similar to each place's ground image, exactly and in blocks.

    A tile is found once, whatever number of places lies on it; it is named by one of them, not
    the same for all, so that a building's many images take turns. The place's own tile and those
    that also show it are left out.

    Args:
        ground: [P, D] float32, rows of unit length.
        satellite: [P, D] float32, rows of unit length, each place's tile.
        places: P of them.
        size: T.

    Returns:
        [P, T] int32, rows of `places`, most similar first, equal ones in their order; -1 where
        there are fewer.

    Raises:
        ShapeError: an array is not float32 [P, D].
        EmbeddingError: a number is not finite, or rows are not of unit length.

    """
    for name, embeddings in (("ground", ground), ("satellite", satellite)):
        check_matrix(name, embeddings, ground.shape[-1])
        if len(embeddings) != len(places):
            expected = f"float32 [{len(places)}, D]"
            raise ShapeError(name, expected, f"float32 {list(embeddings.shape)}")
    tiles = Tiles.of(places)
    order = np.argsort(tiles.of_place, kind="stable")
    starts = np.searchsorted(tiles.of_place[order], np.arange(tiles.count + 1))
    longest = max(1 + len(also) for also in tiles.also)
    with Matcher(ProductScanner(ground.shape[1])) as matcher:
        gallery = satellite[order[starts[:-1]]]
        found = matcher.top_k(ground, gallery, min(tiles.count, size + longest)).rows
    table = np.full((len(places), size), -1, np.int32)
    for place, row in enumerate(found):
        others = row[~np.isin(row, tiles.shown(place))][:size]
        members = place % (starts[others + 1] - starts[others])
        table[place, : len(others)] = order[starts[others] + members]
    return table
