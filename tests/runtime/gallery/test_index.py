"""An index is a choice: it says what it misses, and exact reading never notices it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.errors import ConfigError, DataError, ShapeError
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.index import build_index
from clnet.runtime.gallery.index_recall import exact_rows
from clnet.runtime.gallery.index_search import index_of, search_index, unindexed_places
from clnet.runtime.gallery.upkeep import compact_gallery
from clnet.runtime.item import Item

Rows = Callable[..., NDArray[np.float32]]
COUNT = 300


@pytest.fixture
def path(fill: Callable[..., Path], tmp_path: Path) -> Path:
    return fill(tmp_path / "gallery", COUNT, commit=100)


def overlap(found: NDArray[np.int64], exact: NDArray[np.int64]) -> float:
    hits = [len({*one} & {*other}) for one, other in zip(found, exact, strict=True)]
    return sum(hits) / exact.size


def test_an_index_that_looks_everywhere_finds_what_exact_search_finds(
    path: Path, unit_rows: Rows
) -> None:
    figures = build_index(path, "ivf_flat", partitions=4, probes=4, queries=20)
    queries = unit_rows(20, seed=4)

    matches = search_index(Gallery.open(path), queries, 7, probes=4)

    exact = exact_rows(queries, [unit_rows(COUNT)], 7)
    assert figures.recall == 1.0
    np.testing.assert_array_equal(matches.rows, exact)
    scores = np.take_along_axis(queries @ unit_rows(COUNT).T, exact, 1)
    np.testing.assert_allclose(matches.scores, scores, atol=1e-6)


@pytest.mark.slow
def test_the_recall_is_what_a_search_by_hand_finds(path: Path, unit_rows: Rows) -> None:
    figures = build_index(
        path, "ivf_pq", partitions=4, sub_vectors=1, queries=COUNT, k=5, probes=1, refine=1
    )
    rows = unit_rows(COUNT)

    found = search_index(Gallery.open(path), rows, 6, probes=1, refine=1).rows
    exact = exact_rows(rows, [rows], 6)
    others = [[row for row in best if row != own][:5] for own, best in enumerate(found)]

    assert (figures.queries, figures.k, figures.places) == (COUNT, 5, COUNT)
    assert figures.recall == pytest.approx(overlap(np.array(others), exact[:, 1:]))
    assert figures.recall < 0.9, "one probe and codes of one byte miss places"
    assert f"recall@5 {figures.recall:.4f} against exact search" in figures.line()


def test_reading_does_not_notice_an_index(path: Path, unit_rows: Rows) -> None:
    build_index(path, "ivf_pq", sub_vectors=4, queries=5)

    gallery = Gallery.open(path)

    assert index_of(gallery) == "ivf_pq"
    assert gallery.ids() == [f"p{n}" for n in range(COUNT)]
    np.testing.assert_array_equal(np.concatenate(list(gallery.blocks())), unit_rows(COUNT))


def test_places_that_were_added_later_are_found_and_counted(
    path: Path, info: GalleryInfo, unit_rows: Rows
) -> None:
    build_index(path, "ivf_flat", queries=5)
    late = unit_rows(1, seed=77)
    with gallery_writer(path, info) as writer:
        writer.append([Item("late", Path("late.png"))], late)
    gallery = Gallery.open(path)

    assert unindexed_places(gallery) == 1
    assert search_index(gallery, late, 1).rows.tolist() == [[COUNT]]
    compact_gallery(path)
    assert unindexed_places(Gallery.open(path)) == 0


def test_an_index_survives_compaction(path: Path, unit_rows: Rows) -> None:
    build_index(path, "ivf_flat", partitions=4, queries=5)
    compact_gallery(path)
    gallery = Gallery.open(path)

    found = search_index(gallery, unit_rows(COUNT)[[5, 250]], 1, probes=4)

    assert found.rows.tolist() == [[5], [250]]


def test_equal_places_come_in_gallery_order(path: Path, info: GalleryInfo) -> None:
    twin = np.eye(1, 16, dtype=np.float32)
    with gallery_writer(path, info) as writer:
        for name in ("second", "first"):
            writer.append([Item(name, Path("x.png"))], twin)
    build_index(path, "ivf_flat", queries=5)

    assert search_index(Gallery.open(path), twin, 2).rows.tolist() == [[COUNT, COUNT + 1]]


def test_a_gallery_without_an_index_says_so(path: Path, unit_rows: Rows) -> None:
    with pytest.raises(DataError, match="has no index: build one with clnet-gallery index"):
        search_index(Gallery.open(path), unit_rows(1), 3)


def test_queries_and_k_are_checked(path: Path, unit_rows: Rows) -> None:
    build_index(path, "ivf_flat", queries=5)
    gallery = Gallery.open(path)

    with pytest.raises(ShapeError, match=r"\[n, 16\]"):
        search_index(gallery, unit_rows(1, 8), 3)
    with pytest.raises(DataError, match="k must be from 1 to 300, the gallery's size; got 301"):
        search_index(gallery, unit_rows(1), COUNT + 1)


def test_what_cannot_be_indexed_is_refused(fill: Callable[..., Path], tmp_path: Path) -> None:
    small = fill(tmp_path / "small", 255)

    with pytest.raises(ConfigError, match="ivf_pq needs 256 places or more, got 255"):
        build_index(small, "ivf_pq")
    with pytest.raises(ConfigError, match="sub-vectors must divide D = 16, got 5"):
        build_index(fill(tmp_path / "enough", 256), "ivf_pq", sub_vectors=5)
