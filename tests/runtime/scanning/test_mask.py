"""A mask narrows the search and changes nothing else."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from definition import defined_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from simulated_scanners import SimulatedScanner

from clnet.runtime.errors import DataError, ShapeError
from clnet.runtime.matcher import Matcher
from clnet.runtime.scanning import mask as mask_module
from clnet.runtime.scanning.rounding import BF16

Floats = NDArray[np.float32]
Rows = Callable[..., Floats]
DIM = 16


def matcher() -> Matcher:
    return Matcher(SimulatedScanner(DIM), SimulatedScanner(DIM, BF16))


def masked_definition(
    queries: Floats, gallery: Floats, mask: NDArray[np.bool_], k: int
) -> NDArray[np.int64]:
    return np.flatnonzero(mask)[defined_rows(queries, gallery[mask], k)]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=5),
    share=st.sampled_from([0.02, 0.5, 1.0]),
    piece_rows=st.integers(1, 80),
)
def test_a_masked_search_finds_the_best_of_the_rows_left_in_any_blocks(
    seed: int, sizes: list[int], share: float, piece_rows: int
) -> None:
    random = np.random.default_rng(seed)
    rows = random.standard_normal((sum(sizes) + 1, DIM))
    gallery = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    mask = random.random(len(gallery)) < share
    mask[random.integers(len(mask))] = True
    k = int(random.integers(1, mask.sum() + 1))
    queries = gallery[:6]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mask_module, "PIECE_ROWS", piece_rows)
        whole = matcher().top_k(queries, gallery, k, mask)
        streamed = matcher().top_k(queries, iter(np.split(gallery, np.cumsum(sizes))), k, mask)

    np.testing.assert_array_equal(whole.rows, masked_definition(queries, gallery, mask, k))
    np.testing.assert_array_equal(streamed.rows, whole.rows)
    np.testing.assert_array_equal(streamed.scores, whole.scores)


def test_a_held_gallery_is_masked_too(unit_rows: Rows) -> None:
    gallery = unit_rows(150, seed=1)
    mask = np.arange(150) % 3 == 0
    searched = matcher()

    with searched.hold(gallery) as held:
        rows = searched.top_k(unit_rows(7), held, 4, mask).rows

    np.testing.assert_array_equal(rows, masked_definition(unit_rows(7), gallery, mask, 4))


def test_rows_that_lie_together_are_not_copied(unit_rows: Rows) -> None:
    gallery = unit_rows(50)
    mask = np.zeros(50, np.bool_)
    mask[10:40] = True

    (rows,) = mask_module.masked_rows(gallery, mask)

    assert rows.base is gallery


def test_k_above_the_rows_left_is_refused(unit_rows: Rows) -> None:
    mask = np.arange(9) < 2

    with pytest.raises(DataError, match=r"k must be from 1 to 2, .* got 3"):
        matcher().top_k(unit_rows(1), unit_rows(9), 3, mask)


@pytest.mark.parametrize("mask", [np.ones(8, np.bool_), np.ones(9), np.ones((9, 1), np.bool_)])
def test_a_mask_that_does_not_fit_the_gallery_is_refused(unit_rows: Rows, mask: object) -> None:
    with pytest.raises(ShapeError, match=r"mask: expected bool \[9\]"):
        matcher().top_k(unit_rows(1), unit_rows(9), 1, mask)  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [5, 20])
def test_a_mask_that_does_not_fit_a_stream_is_refused_at_its_end(
    unit_rows: Rows, length: int
) -> None:
    def blocks() -> Iterator[Floats]:
        yield unit_rows(4)
        yield unit_rows(5, seed=1)

    with pytest.raises(ShapeError, match=rf"mask: expected bool \[9\], got bool \[{length}\]"):
        matcher().top_k(unit_rows(1), blocks(), 1, np.ones(length, np.bool_))
