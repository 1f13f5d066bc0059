"""From query images to answers: exact, streamed, narrowed by areas."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.areas import Box, Radius
from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedder import embed_every
from clnet.runtime.errors import DataError
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.item import Item
from clnet.runtime.matching_run import match_items

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

PLACES = 30


@pytest.fixture
def rows(unit_rows: Callable[..., NDArray[np.float32]]) -> NDArray[np.float32]:
    """Embeddings of the gallery; the last ten are the first ten again."""
    first = unit_rows(PLACES - 10, seed=5)
    return np.concatenate([first, first[:10]])


@pytest.fixture
def gallery(tiny_bundle: Bundle, rows: NDArray[np.float32], tmp_path: Path) -> Gallery:
    """Place n lies at n/1000 degrees north; the first and the last one are unknown."""
    info = GalleryInfo(tiny_bundle.manifest.embedding_space_id, rows.shape[1], "satellite")
    items = [
        Item(f"p{n}", Path(f"{n}.png"), n / 1000, 24.0)
        if 0 < n < PLACES - 1
        else Item(f"p{n}", Path(f"{n}.png"))
        for n in range(PLACES)
    ]
    with gallery_writer(tmp_path / "gallery", info) as writer:
        writer.append(items, rows)
    return Gallery.open(tmp_path / "gallery")


@pytest.fixture
def queries(picture: Callable[..., Path]) -> list[Item]:
    return [Item(f"q{n}", picture(f"q{n}.png", seed=n), 0.01, 24.0) for n in range(5)]


def expected_ids(
    bundle: Bundle, queries: list[Item], rows: NDArray[np.float32], among: NDArray[np.int64]
) -> list[list[str]]:
    """Sort all products in float64, ties in gallery order."""
    with open_backend(bundle, "ground") as branch:
        embeddings = embed_every(branch, queries)
    scores = embeddings.astype(np.float64) @ rows[among].T.astype(np.float64)
    order = np.argsort(-scores, axis=1, kind="stable")
    return [[f"p{among[row]}" for row in line] for line in order]


def ids(run: object) -> list[list[str]]:
    return [[match.id for match in answer.matches] for answer in run.answers]  # type: ignore[attr-defined]


def test_answers_are_those_of_a_full_sort(
    tiny_bundle: Bundle, gallery: Gallery, queries: list[Item], rows: NDArray[np.float32]
) -> None:
    run = match_items(gallery, tiny_bundle, queries, top_k=PLACES, batch_size=2)

    assert ids(run) == expected_ids(tiny_bundle, queries, rows, np.arange(PLACES))
    assert (run.searched_places, run.gallery_places) == (PLACES, PLACES)


def test_a_place_brings_its_own_name_and_position(
    tiny_bundle: Bundle, gallery: Gallery, queries: list[Item]
) -> None:
    run = match_items(gallery, tiny_bundle, queries, top_k=PLACES)

    for match in run.answers[3].matches:
        number = int(match.id[1:])
        assert match.path == str(Path(f"{number}.png").absolute())
        assert match.latitude == (number / 1000 if 0 < number < PLACES - 1 else None)


@pytest.mark.parametrize(
    ("areas", "among"),
    [
        ([Box(0.0055, 23, 0.0125, 25)], range(6, 13)),
        ([Radius(0.01, 24.0, 250)], range(8, 13)),
        ([Box(0.0055, 23, 0.0105, 25), Radius(0.012, 24.0, 400)], range(9, 11)),
    ],
)
def test_areas_narrow_the_search_and_it_stays_exact(
    tiny_bundle: Bundle,
    gallery: Gallery,
    queries: list[Item],
    rows: NDArray[np.float32],
    areas: list[Box],
    among: range,
) -> None:
    run = match_items(gallery, tiny_bundle, queries, areas=areas)

    assert ids(run) == expected_ids(tiny_bundle, queries, rows, np.array(among))
    assert (run.searched_places, run.gallery_places) == (len(among), PLACES)


def test_the_margin_of_the_last_listed_place_is_to_the_next_one_inside(
    tiny_bundle: Bundle, gallery: Gallery, queries: list[Item]
) -> None:
    areas = [Box(0.0055, 23, 0.0125, 25)]
    some = match_items(gallery, tiny_bundle, queries, top_k=3, areas=areas)
    every = match_items(gallery, tiny_bundle, queries, top_k=7, areas=areas)

    for few, all_ in zip(some.answers, every.answers, strict=True):
        assert few.matches == all_.matches[:3]
        assert all_.matches[-1].margin is None


def test_an_area_without_places_is_an_error(
    tiny_bundle: Bundle, gallery: Gallery, queries: list[Item]
) -> None:
    with pytest.raises(DataError, match=r"none of the 30 places of .* is inside the areas"):
        match_items(gallery, tiny_bundle, queries, areas=[Radius(50, 24, 10)])


def test_k_above_the_places_inside_is_refused(
    tiny_bundle: Bundle, gallery: Gallery, queries: list[Item]
) -> None:
    with pytest.raises(DataError, match="from 1 to 7, the places inside the areas; got 8"):
        match_items(gallery, tiny_bundle, queries, top_k=8, areas=[Box(0.0055, 23, 0.0125, 25)])


def test_the_gallery_is_streamed_and_only_once(
    tiny_bundle: Bundle,
    gallery: Gallery,
    queries: list[Item],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    blocks = Gallery.blocks

    def small(self: Gallery, rows: NDArray[np.int64]) -> Iterator[NDArray[np.float32]]:
        for block in blocks(self, rows, block_rows=7):
            read.append(len(block))
            yield block

    expected = match_items(gallery, tiny_bundle, queries)
    monkeypatch.setattr(Gallery, "blocks", small)
    monkeypatch.setattr(Gallery, "read", None)

    assert match_items(gallery, tiny_bundle, queries, batch_size=1) == expected
    assert read == [7, 7, 7, 7, 2]


def test_where_no_query_can_be_read_nothing_is_searched(
    tiny_bundle: Bundle, gallery: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gallery, "blocks", None)

    run = match_items(gallery, tiny_bundle, [Item("gone", tmp_path / "gone.jpg")])

    assert run.answers == ()
    assert [failure.item.id for failure in run.failures] == ["gone"]
