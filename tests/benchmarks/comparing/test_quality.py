"""Moved queries, and what bundles do not know of themselves."""

from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.accuracy.embedded import Embedded
from clnet.benchmarks.comparing.answers import Answers
from clnet.benchmarks.comparing.names import Names
from clnet.benchmarks.comparing.quality import moved_queries, quality_notes, quality_without_data
from clnet.benchmarks.latency.rows import Method
from clnet.runtime.bundle import Bundle
from clnet.runtime.datasets import Place

NAMES = Names("a", "b")


def _answers(ranks: list[int], first: list[int]) -> Answers:
    nothing = np.empty((0, 3), np.float32)
    embedded = Embedded(Method("none", "fp32"), nothing, nothing, {}, tf32=False)
    return Answers(embedded, np.array(ranks), np.array(first))


def _places() -> list[Place]:
    return [
        Place(str(n), Path(), Path(), latitude=60.0 + n, longitude=25.0, tile_latitude=None)
        for n in range(4)
    ]


def test_moved_queries_are_listed_with_both_first_answers_the_best_first() -> None:
    a = _answers([0, 2, 0, 7], [0, 3, 2, 0])
    b = _answers([0, 3, 1, 6], [0, 3, 1, 0])
    moved = moved_queries(_places(), a, b)
    assert [(one.query.id, one.rank_a, one.rank_b) for one in moved] == [
        ("2", 1, 2),
        ("1", 3, 4),
        ("3", 8, 7),
    ]
    assert (moved[0].top_a.id, moved[0].top_b.id, moved[0].top_b.latitude) == ("2", "1", 61.0)


def test_nothing_moves_where_the_ranks_are_equal() -> None:
    same = _answers([0, 1, 2, 3], [0, 0, 0, 0])
    assert moved_queries(_places(), same, same) == ()


def test_a_tile_stands_where_its_centre_is() -> None:
    places = [
        Place("x", Path(), Path(), 1.0, 2.0, tile_latitude=3.0, tile_longitude=4.0),
        Place("y", Path(), Path(), 5.0, 6.0),
    ]
    (moved,) = moved_queries(places, _answers([0, 0], [0, 1]), _answers([1, 0], [1, 1]))
    assert (moved.query.latitude, moved.top_a.latitude, moved.top_b.latitude) == (1.0, 3.0, 5.0)


def test_a_bundle_without_parity_is_named(toy_bundle: Path) -> None:
    bundle = Bundle.open(toy_bundle)
    notes = quality_notes(NAMES, (bundle, bundle))
    assert notes == (
        "A (a) has no parity.json: it was never held to its checkpoint",
        "B (b) has no parity.json: it was never held to its checkpoint",
    )


def test_without_data_there_is_no_recall(toy_bundle: Path) -> None:
    bundle = Bundle.open(toy_bundle)
    found = quality_without_data(NAMES, (bundle, bundle), {"ground": 0.5})
    assert (found.queries, found.recall_a, found.moved, found.gained_at_1) == (0, {}, None, None)
    assert found.min_cosine == pytest.approx({"ground": 0.5})
    assert found.same_space
