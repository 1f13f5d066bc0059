"""The road arrives: the place that looks like the photograph is found, with its position."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.matching.vectors import unit_vectors
from clnet.benchmarks.stages.fitting import items_in
from clnet.benchmarks.stages.road import Road, places_found
from clnet.benchmarks.subjects.photographs import write_photographs
from clnet.runtime.backends import open_backend, open_matcher
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedder import embed_every
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.item import Item

PLANTED = 17


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    write_photographs(tmp_path / "files", 1, 96, 40)
    return items_in(tmp_path / "files")


@pytest.fixture
def road(searchable: Bundle, items: list[Item], tmp_path: Path) -> Iterator[Road]:
    """A road over 40 places; place n lies at n degrees north, number 17 is the photograph."""
    with open_backend(searchable, "ground") as branch, open_matcher(searchable) as matcher:
        rows = unit_vectors(40, branch.embedding_dim, seed=1)
        rows[PLANTED] = embed_every(branch, items)[0]
        places = [Item(f"p{n}", Path(f"{n}.png"), float(n), 24.5) for n in range(len(rows))]
        info = GalleryInfo(searchable.manifest.embedding_space_id, rows.shape[1], "satellite")
        with gallery_writer(tmp_path / "gallery", info) as writer:
            writer.append(places, rows)
        yield Road(branch, matcher, Gallery.open(tmp_path / "gallery"), items)


def test_the_steps_lead_from_a_file_to_the_position_of_the_place_that_it_shows(road: Road) -> None:
    for step in road.parts.values():
        step()

    best = road.answer.matches[0]
    assert (best.id, best.latitude, best.longitude) == (f"p{PLANTED}", float(PLANTED), 24.5)
    assert best.score == pytest.approx(1.0, abs=1e-6)


def test_it_finds_as_many_places_as_clnet_match_and_the_last_one_has_its_margin(road: Road) -> None:
    for step in road.parts.values():
        step()

    assert len(road.answer.matches) == 10
    assert road.answer.matches[-1].margin is not None


def test_the_embedding_is_that_of_the_embedder(
    road: Road, searchable: Bundle, items: list[Item]
) -> None:
    for step in road.parts.values():
        step()

    with open_backend(searchable, "ground") as branch:
        np.testing.assert_array_equal(road.embedding, embed_every(branch, items))


def test_a_gallery_of_three_places_gives_three() -> None:
    assert places_found(3) == 3
