"""The pairs that a bundle is measured on, and what ranking them counts."""

from pathlib import Path

from ...runtime.datasets import Layout, Place, Split, one_a_tile, read_places

PROTOCOL = "1:1, ties against the query"
"""Every ground image against every tile of the same places: CVUSA's and CVACT's own."""

ONE_A_TILE = "pairs, each tile once, ties against the query; not the benchmark's protocol"
"""VIGOR and University-1652 show a tile to several queries; here the first alone asks for it."""

_SHARED_TILES: frozenset[Layout] = frozenset({"vigor", "university1652"})


def read_pairs(data: Path, layout: Layout, split: Split | None) -> list[Place]:
    """
    Read the places of a split, one a tile: no copy of a tile ties with it.

    Raises:
        DataError: as `read_places`.
        ConfigError: as `read_places`.

    """
    return one_a_tile(read_places(data, layout, split))


def protocol_of(layout: Layout) -> str:
    """Say what ranking the pairs of a layout counts."""
    return ONE_A_TILE if layout in _SHARED_TILES else PROTOCOL
