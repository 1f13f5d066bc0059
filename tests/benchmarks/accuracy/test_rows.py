"""A row says what was lost to the reference, and which queries moved."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the exact interval needs scipy: clnet[export]")

from clnet.benchmarks.accuracy.embedded import Embedded
from clnet.benchmarks.accuracy.rows import Run, accuracy_row, moved_queries, ranked
from clnet.benchmarks.latency.rows import Method
from clnet.benchmarks.machine.machine import Machine
from clnet.runtime.errors import EmbeddingError

PLACES, DIM = 40, 64


def embedded(ground: Any, satellite: Any, backend: str = "openvino") -> Embedded:
    method = Method(backend, "bf16")
    return Embedded(method, ground, satellite, {"ground graph": "a" * 64}, tf32=False)


def unit(rows: Any) -> Any:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture
def pairs() -> tuple[Any, Any]:
    """Ground and satellite embeddings of which each finds its own."""
    random = np.random.default_rng(0)
    ground = unit(random.standard_normal((PLACES, DIM)))
    return ground, unit(ground + 0.05 * random.standard_normal((PLACES, DIM)))


@pytest.fixture
def shared(machine: Machine) -> Run:
    return Run(
        network="toy",
        configuration={},
        data="town",
        layout="cvusa",
        data_sha256="d" * 64,
        ids=tuple(f"{n:07}" for n in range(PLACES)),
        machine=machine,
        versions={},
    )


def test_the_reference_against_itself_loses_nothing(shared: Run, pairs: tuple[Any, Any]) -> None:
    same = ranked(embedded(*pairs))

    row = accuracy_row(shared, same, same)

    assert row.lost_at_1 is not None
    assert row.lost_at_1.percent == 0
    assert row.moved_queries == ()
    assert row.min_cosine == pytest.approx(1, abs=1e-6)
    assert row.recall_at["1"].percent == 100
    assert row.protocol == "cvusa 1:1, ties against the query"
    assert row.artifacts == {"ground graph": "a" * 64, "data": "d" * 64}


def test_shuffled_tiles_lose_and_every_query_moved(shared: Run, pairs: tuple[Any, Any]) -> None:
    ground, satellite = pairs
    shuffled = ranked(embedded(ground, np.roll(satellite, 1, axis=0)))

    row = accuracy_row(shared, shuffled, ranked(embedded(ground, satellite)))

    assert row.lost_at_1 is not None
    assert row.lost_at_1.percent == 100
    assert row.lost_at_1.low > 80
    assert row.moved_queries == shared.ids
    assert row.min_cosine is not None
    assert row.min_cosine < 0.5
    assert row.recall_at["1"].percent == 0


def test_a_query_moves_where_its_true_place_has_another_rank() -> None:
    assert moved_queries(("a", "b", "c"), np.array([0, 5, 2]), np.array([0, 4, 3])) == ("b", "c")


def test_the_reference_itself_and_a_run_without_one_compare_with_nothing(
    shared: Run, pairs: tuple[Any, Any]
) -> None:
    row = accuracy_row(shared, ranked(embedded(*pairs)), None)

    assert (row.lost_at_1, row.moved_queries, row.min_cosine) == (None, None, None)


def test_constant_embeddings_are_an_error_that_names_the_method(pairs: tuple[Any, Any]) -> None:
    ground, satellite = pairs

    with pytest.raises(EmbeddingError, match=r"^openvino bf16: gallery: all 40 .* one point"):
        ranked(embedded(ground, np.repeat(satellite[:1], PLACES, axis=0)))
