"""The tiles most like a place's ground image, held to the whole matrix of similarities."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import EmbeddingError, ShapeError
from clnet.runtime.datasets import Place
from clnet.training.sampling import similarity_table
from clnet.training.sampling.product_scanner import ProductScanner


def unit_rows(count: int, dim: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def on(tiles: list[str], also_on: dict[int, tuple[str, ...]] | None = None) -> list[Place]:
    also_on = also_on or {}
    return [
        Place(str(row), Path("g"), Path("s"), tile=tile, also_on=also_on.get(row, ()))
        for row, tile in enumerate(tiles)
    ]


def test_neighbours_are_the_most_similar_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProductScanner, "gallery_rows", 32)
    monkeypatch.setattr(ProductScanner, "query_rows", 9)
    ground, satellite = unit_rows(150, 16, 0), unit_rows(150, 16, 1)

    table = similarity_table(ground, satellite, on([""] * 150), 7)

    similarity = ground.astype(np.float64) @ satellite.T.astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    np.testing.assert_array_equal(table, np.argsort(-similarity, axis=1)[:, :7])
    assert table.dtype == np.int32


def test_a_place_s_own_tile_and_those_that_also_show_it_are_left_out() -> None:
    places = on(["a", "a", "b", "c"], also_on={0: ("b",)})
    embeddings = unit_rows(4, 8, 0)
    embeddings[1] = embeddings[0]

    table = similarity_table(embeddings, embeddings, places, 3)

    assert table[0].tolist() == [3, -1, -1]
    assert sorted(table[1].tolist()) == [-1, 2, 3]


def test_a_tile_of_many_images_is_one_neighbour_and_its_images_take_turns() -> None:
    tiles = [str(row // 5) for row in range(40)]
    satellite = np.repeat(unit_rows(8, 8, 0), 5, axis=0)

    table = similarity_table(unit_rows(40, 8, 1), satellite, on(tiles), 7)

    for row in range(40):
        assert sorted(table[row] // 5) == [tile for tile in range(8) if tile != row // 5]
    assert len(np.unique(table)) > 8


def test_embeddings_of_other_places_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"satellite: expected float32 \[4, D\]"):
        similarity_table(unit_rows(4, 8, 0), unit_rows(5, 8, 0), on([""] * 4), 2)


def test_embeddings_that_are_not_finite_are_refused() -> None:
    broken = unit_rows(12, 8, 0)
    broken[3, 2] = np.nan
    with pytest.raises(EmbeddingError):
        similarity_table(unit_rows(12, 8, 0), broken, on([""] * 12), 2)
