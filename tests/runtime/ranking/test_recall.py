"""What a score says of itself, in words and in figures."""

from pathlib import Path

import numpy as np
import pytest

from clnet.runtime import ShapeError
from clnet.runtime.datasets import GalleryRows, Picture, Protocol, Task
from clnet.runtime.ranking import Recall, recall_text, score_task

TILES = np.eye(12, dtype=np.float32)
RIGHT = [0, 1, 2, 4, 3, 6, 5, 8]
"""Which tile is right; the queries are the first eight tiles: three are found."""


def task(groups: list[str], *protocols: Protocol, tiles: int = 12) -> Task:
    queries = tuple(
        Picture(str(row), Path(f"{row}.jpg"), group=group) for row, group in enumerate(groups)
    )
    gallery = tuple(Picture(str(row), Path(f"{row}.png")) for row in range(tiles))
    exact = Protocol("exact", GalleryRows.of([row] for row in RIGHT))
    return Task("CVUSA val", "ground", queries, gallery, protocols or (exact,))


def test_queries_that_stand_alone_get_an_interval_and_no_spread() -> None:
    (score,) = score_task(task([""] * 8), TILES[:8], TILES)

    assert score.recall_at_1 == 37.5
    assert score.spread is None
    assert score.interval_at_1 is not None
    assert (score.interval_at_1.low, score.interval_at_1.high) == pytest.approx(
        (13.68, 69.43), abs=0.01
    )


def test_queries_of_cities_get_a_spread_over_the_cities_and_no_interval() -> None:
    (score,) = score_task(task(["Seattle"] * 4 + ["Chicago"] * 4), TILES[:8], TILES)

    assert score.interval_at_1 is None
    assert score.spread is not None
    assert score.spread.groups == 2
    cities = score.spread.recall_at_1
    assert (cities.mean, cities.least, cities.greatest) == (37.5, 0, 75)
    assert cities.standard_deviation == pytest.approx(75 / np.sqrt(2))


def test_the_precision_of_groups_is_spread_too_where_the_protocol_has_it() -> None:
    right = GalleryRows.of([row] for row in RIGHT)
    own = Protocol("distractors kept", right, figures="cmc-and-ap")

    (score,) = score_task(task([f"{n // 2:04}" for n in range(8)], own), TILES[:8], TILES)

    assert score.average_precision is not None
    assert score.spread is not None
    assert score.spread.average_precision is not None
    assert score.spread.average_precision.mean == pytest.approx(score.average_precision)


def test_ties_are_counted_by_query() -> None:
    (score,) = score_task(task([""] * 8), TILES[:8], TILES)

    assert score.ties == 5  # a query that is not its own tile is as far from it as from ten others


def test_ties_with_ignored_rows_and_with_dropped_ones_are_none() -> None:
    asked, tiles = TILES[:8], np.concatenate([TILES, TILES[:8]])
    right = GalleryRows.of([row] for row in range(8))
    copies = GalleryRows.of([row + 12] for row in range(8))
    protocols = (
        Protocol("copies count", right),
        Protocol("copies ignored", right, ignored=copies),
        Protocol("copies dropped", right, kept=np.arange(12)),
    )

    scores = score_task(task([""] * 8, *protocols, tiles=20), asked, tiles)

    assert [score.ties for score in scores] == [8, 0, 0]
    assert [score.recall_at_1 for score in scores] == [0, 100, 100]
    assert [score.gallery for score in scores] == [20, 20, 12]


def test_a_text_names_every_task_and_protocol() -> None:
    right = GalleryRows.of([row] for row in RIGHT)
    protocols = (
        Protocol("exact", right),
        Protocol("distractors kept", right, figures="cmc-and-ap"),
    )

    text = recall_text(score_task(task([""] * 8, *protocols), TILES[:8], TILES))

    assert text.splitlines()[0] == "CVUSA val"
    assert "  exact: R@1 37.50  R@5" in text
    assert "R@1% 37.50  (8 queries, gallery of 12)" in text
    assert "  distractors kept: R@1 37.50" in text
    assert "R@top1% 37.50  AP " in text
    assert "R@1: 95 % interval 13.68 to 69.43" in text
    assert "ties, counted against the query: in 5 queries" in text


def test_one_line_names_task_and_protocol() -> None:
    (score,) = score_task(task([""] * 8), TILES[:8], TILES)

    assert score.line().startswith("CVUSA val, exact: R@1 37.50")


def test_a_score_is_read_back_as_written(tmp_path: Path) -> None:
    (score,) = score_task(task(["a", "b"] * 4), TILES[:8], TILES)

    score.write(tmp_path / "score.json")

    assert Recall.read(tmp_path / "score.json") == score


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        (Protocol("p", GalleryRows.of([[0]] * 7)), "'p': right: expected rows of 8 queries"),
        (Protocol("p", GalleryRows.of([[0]] * 7 + [[]])), "none of query 7"),
        (Protocol("p", GalleryRows.of([[12]] * 8)), r"rows in 0\.\.11, got 12"),
        (
            Protocol("p", GalleryRows.of([[0]] * 8), ignored=GalleryRows.of([[-1]] * 8)),
            "'p': ignored",
        ),
        (Protocol("p", GalleryRows.of([[3]] * 8), kept=np.arange(3)), "every right row, got no"),
    ],
)
def test_a_protocol_of_other_pictures_is_refused(protocol: Protocol, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        score_task(task([""] * 8, protocol), TILES[:8], TILES)


def test_embeddings_of_another_task_are_refused() -> None:
    with pytest.raises(ShapeError, match="CVUSA val: gallery: expected 12 rows, got 11"):
        score_task(task([""] * 8), TILES[:8], TILES[:11])
