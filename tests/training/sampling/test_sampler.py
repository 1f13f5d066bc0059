"""Batches of true negatives: no id twice, no two places of one tile, as many as there can be."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime import ConfigError, ShapeError
from clnet.runtime.datasets import Place
from clnet.training.sampling import NegativesConfig, Sampler

FEW = NegativesConfig(table=6, neighbours=4, nearest=2)


def places_on(tiles: list[str], also_on: list[tuple[str, ...]] | None = None) -> list[Place]:
    """Places on the tiles of these names; an empty one is a place without a tile."""
    also_on = also_on or [()] * len(tiles)
    return [
        Place(str(row), Path(f"{row}.jpg"), Path(f"{tile}.png"), tile=tile, also_on=also)
        for row, (tile, also) in enumerate(zip(tiles, also_on, strict=True))
    ]


names = st.sampled_from(["", "a", "b", "c", "d", "e", "f", "g"])
places = st.lists(st.tuples(names, st.lists(names, max_size=3)), min_size=4, max_size=40).map(
    lambda rows: places_on([tile for tile, _ in rows], [tuple(also) for _, also in rows])
)


def table_of(count: int, seed: int) -> NDArray[np.int32]:
    """Neighbours by chance, some of them missing."""
    return np.random.default_rng(seed).integers(-1, count, (count, 6)).astype(np.int32)


def sampler(places: list[Place], batch_size: int, seed: int = 0) -> Sampler:
    return Sampler(places, batch_size, seed, FEW)


def false_negatives(one: Place, other: Place) -> bool:
    shared = one.tile and one.tile == other.tile
    return bool(shared or one.tile in other.also_on or other.tile in one.also_on)


@given(places, st.integers(2, 4), st.integers(0, 5), st.booleans())
def test_no_batch_holds_a_place_twice_or_two_that_show_the_same(
    places: list[Place], batch_size: int, epoch: int, with_table: bool
) -> None:
    places = [place for place in places if "" not in place.also_on]
    tiles = {place.tile or place.id for place in places}
    if len(tiles) < batch_size:
        return
    table = table_of(len(places), epoch) if with_table else None

    batches = sampler(places, batch_size).batches(epoch, table)

    drawn = [row for batch in batches for row in batch.tolist()]
    assert len(set(drawn)) == len(drawn)
    for batch in batches:
        assert batch.shape == (batch_size,)
        assert not any(false_negatives(places[a], places[b]) for a, b in combinations(batch, 2))


def best_count(tiles: list[str], batch_size: int) -> int:
    """Fill batches by brute force: the fullest tiles first is known to be best."""
    left = sorted((tiles.count(tile) for tile in set(tiles)), reverse=True)
    count = 0
    while len(left) >= batch_size:
        left = sorted([n - (i < batch_size) for i, n in enumerate(left)], reverse=True)
        left = [n for n in left if n]
        count += 1
    return count


@given(
    st.lists(st.sampled_from("abcdefgh"), min_size=4, max_size=60),
    st.integers(2, 4),
    st.integers(0, 5),
    st.booleans(),
)
def test_an_epoch_has_as_many_batches_as_the_tiles_allow(
    tiles: list[str], batch_size: int, epoch: int, with_table: bool
) -> None:
    most = best_count(tiles, batch_size)
    if not most:
        return
    table = table_of(len(tiles), epoch) if with_table else None
    drawing = sampler(places_on(tiles), batch_size)

    assert len(drawing.batches(epoch, table)) == most == drawing.most_batches


def test_buildings_with_many_images_are_used_up() -> None:
    places = places_on([f"building {row % 12}" for row in range(12 * 54)])

    batches = sampler(places, batch_size=8).batches(0)

    assert len(batches) == 12 * 54 // 8


def test_an_incomplete_last_batch_is_dropped() -> None:
    assert len(sampler(places_on([""] * 23), batch_size=5).batches(0)) == 4


def test_places_without_a_tile_are_negatives_of_each_other() -> None:
    assert len(sampler(places_on([""] * 8), batch_size=8).batches(0)) == 1


def test_an_epoch_is_a_function_of_seed_epoch_and_table() -> None:
    places = places_on([""] * 40)
    table = table_of(40, seed=1)

    first, again = (sampler(places, 8, seed=3).batches(2, table) for _ in range(2))
    other_epoch = sampler(places, 8, seed=3).batches(3, table)
    other_seed = sampler(places, 8, seed=4).batches(2, table)
    other_table = sampler(places, 8, seed=3).batches(2, table_of(40, seed=2))

    assert np.array_equal(first, again)
    for other in (other_epoch, other_seed, other_table):
        assert not np.array_equal(first, other)


def chain(count: int, width: int) -> NDArray[np.int32]:
    """Every place's neighbours are those that follow it, round the circle."""
    steps = np.arange(1, width + 1)
    return ((np.arange(count)[:, None] + steps) % count).astype(np.int32)


def test_a_seed_brings_the_nearest_and_some_of_the_others() -> None:
    config = NegativesConfig(table=40, neighbours=20, nearest=10)

    batch = Sampler(places_on([""] * 200), 21, 0, config).batches(0, chain(200, 40))[0]

    offsets = (batch - batch[0]) % 200
    assert offsets[:11].tolist() == list(range(11))
    assert all(10 < offset <= 40 for offset in offsets[11:])
    assert sorted(offsets[11:]) != list(range(11, 21))


def test_the_table_s_gaps_are_nobody() -> None:
    table = np.full((12, 6), -1, np.int32)

    assert len(sampler(places_on([""] * 12), 4).batches(0, table)) == 3


def test_a_batch_larger_than_the_tiles_are_many_is_refused() -> None:
    with pytest.raises(ConfigError, match="4 training places lie on 2: lower batch_size"):
        sampler(places_on(["a", "a", "b", "b"]), batch_size=3)


@pytest.mark.parametrize("table", [np.zeros((9, 6), np.int32), np.zeros((8, 6), np.int64)])
def test_a_table_of_other_places_or_numbers_is_refused(table: NDArray[np.int32]) -> None:
    with pytest.raises(ShapeError, match=r"table of neighbours: expected int32 \[8, T\]"):
        sampler(places_on([""] * 8), batch_size=2).batches(0, table)


def test_counts_of_neighbours_that_do_not_nest_are_refused() -> None:
    with pytest.raises(ValueError, match="nearest <= neighbours <= table"):
        NegativesConfig(table=32, neighbours=64)
