"""
Every protocol against a plain reference: one query at a time, the whole row of scores, float64.

The reference is written from the protocols' definitions, not from the code that it checks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime.datasets import GalleryRows, Picture, Protocol, Task
from clnet.runtime.ranking import Recall, counting, score_task

Floats = NDArray[np.float32]


@dataclass
class Counted:
    """Of one query."""

    rank: int
    average_precision: float
    tied: bool


def plain_query(scores: NDArray[np.float64], right: set[int], out: set[int]) -> Counted:
    """Sort one query's gallery, the wrong row first where scores are equal."""
    inside = [row for row in range(len(scores)) if row not in out]
    inside.sort(key=lambda row: (-scores[row], row in right))
    places = [place for place, row in enumerate(inside) if row in right]
    precisions = []
    for found, place in enumerate(places):
        before = found / place if place else 1.0
        precisions.append((before + (found + 1) / (place + 1)) / 2)
    wrong = {float(scores[row]) for row in inside if row not in right}
    return Counted(
        rank=places[0],
        average_precision=sum(precisions) / len(right),
        tied=any(float(scores[row]) in wrong for row in right),
    )


def plain_scores(task: Task, queries: Floats, gallery: Floats) -> list[dict[str, Any]]:
    """Count a task by all its protocols."""
    # the sum that defines a score: equal rows of a matrix product may come out unequal
    products = queries.astype(np.float64)[:, None] * gallery.astype(np.float64)[None]
    scores = products.sum(axis=2)
    found = []
    for protocol in task.protocols:
        everything = set(range(len(gallery)))
        kept = everything if protocol.kept is None else set(protocol.kept.tolist())
        counted = []
        for query in range(len(queries)):
            right = set(protocol.right.of_query(query).tolist())
            ignored = set() if protocol.ignored is None else set(protocol.ignored.of_query(query))
            out = (everything - kept) | (ignored - right)
            counted.append(plain_query(scores[query], right, out))
        cmc = [100 * np.mean([one.rank <= k for one in counted]) for k in range(len(gallery) + 10)]
        of_cmc = protocol.figures == "cmc-and-ap"
        one_percent = round(0.01 * len(kept)) if of_cmc else max(1, len(kept) // 100) - 1
        precision = 100 * np.mean([one.average_precision for one in counted])
        found.append(
            {
                "recall_at_1": pytest.approx(cmc[0]),
                "recall_at_5": pytest.approx(cmc[4]),
                "recall_at_10": pytest.approx(cmc[9]),
                "recall_at_1_percent": pytest.approx(cmc[one_percent]),
                "average_precision": pytest.approx(precision) if of_cmc else None,
                "ties": sum(one.tied for one in counted),
                "gallery": len(kept),
            }
        )
    return found


def units(rows: NDArray[np.float64]) -> Floats:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def pictures(count: int) -> tuple[Picture, ...]:
    return tuple(Picture(str(row), Path(f"{row}.jpg")) for row in range(count))


def random_protocol(random: np.random.Generator, queries: int, gallery: int, name: str) -> Protocol:
    """Up to 6 right rows a query, up to 4 ignored ones, and perhaps a part of the gallery."""

    def some(least: int, most: int) -> list[NDArray[np.int64]]:
        sizes = random.integers(least, most + 1, queries)
        return [random.choice(gallery, min(size, gallery), replace=False) for size in sizes]

    right = GalleryRows.of(some(1, 6 if random.integers(2) else 1))
    kept = None
    if random.integers(2):
        dropped = random.choice(gallery, gallery // 3, replace=False)
        kept = np.union1d(np.setdiff1d(np.arange(gallery), dropped), right.rows)
    return Protocol(
        name,
        right,
        ignored=GalleryRows.of(some(0, 4)) if random.integers(2) else None,
        kept=kept,
        figures="cmc-and-ap" if random.integers(2) else "recall",
    )


@pytest.fixture(scope="module", autouse=True)
def small_blocks() -> Any:
    """Let small galleries take several blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "BLOCK_ROWS", 16)
        yield


@given(
    queries=st.integers(1, 40),
    gallery=st.integers(1, 60),
    different=st.integers(1, 60),
    dim=st.integers(2, 6),
    protocols=st.integers(1, 3),
    seed=st.integers(0, 2**20),
)
def test_every_protocol_counts_what_the_plain_reference_counts(
    queries: int, gallery: int, different: int, dim: int, protocols: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    # few different tiles in a larger gallery: many exact ties
    tiles = units(random.standard_normal((different + 1, dim)))
    rows = tiles[random.integers(0, len(tiles), gallery)]
    rows[-1], rows[0] = tiles[0], tiles[1]
    asked = units(random.standard_normal((queries, dim)))
    task = Task(
        "random",
        "ground",
        pictures(queries),
        pictures(gallery),
        tuple(random_protocol(random, queries, gallery, str(n)) for n in range(protocols)),
    )

    scores = score_task(task, asked, rows)

    assert [figures_of(score) for score in scores] == plain_scores(task, asked, rows)


def test_a_large_gallery_takes_its_one_percent_from_the_rows_that_take_part() -> None:
    random = np.random.default_rng(3)
    rows = units(random.standard_normal((700, 3)))
    right = GalleryRows.of(random.choice(350, (300, 2)))
    asked = units(rows[right.rows[::2]] + 0.3 * random.standard_normal((300, 3)))
    kept = np.arange(351, dtype=np.int64)
    protocols = (
        Protocol("all", right, figures="cmc-and-ap"),
        Protocol("kept", right, kept=kept, figures="cmc-and-ap"),
        Protocol("recall", right),
    )
    task = Task("large", "satellite", pictures(300), pictures(700), protocols)

    scores = score_task(task, asked, rows)

    assert [figures_of(score) for score in scores] == plain_scores(task, asked, rows)
    assert len({score.recall_at_1_percent for score in scores}) == 3


def figures_of(score: Recall) -> dict[str, Any]:
    return score.model_dump(
        exclude={"task", "protocol", "queries", "interval_at_1", "spread"}, exclude_none=False
    )
