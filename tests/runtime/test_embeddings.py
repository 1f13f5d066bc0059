from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.embeddings import check_matrix, check_not_collapsed, check_unit
from clnet.runtime.errors import EmbeddingError, ShapeError

Rows = Callable[..., NDArray[np.float32]]


def test_unit_rows_pass_even_after_float16(unit_rows: Rows) -> None:
    check_unit("tiles", unit_rows(100, 1024).astype(np.float16).astype(np.float32))


@pytest.mark.parametrize("number", [np.nan, np.inf, 1.01])
def test_a_row_that_is_no_unit_vector_is_named(unit_rows: Rows, number: float) -> None:
    rows = unit_rows(4)
    rows[2] = 0
    rows[2, 0] = number

    with pytest.raises(EmbeddingError, match=r"tiles: expected rows of length 1, got .* in row 2"):
        check_unit("tiles", rows)


def test_one_point_for_every_image_is_a_collapse(unit_rows: Rows) -> None:
    with pytest.raises(EmbeddingError, match="all 9 embeddings are one point"):
        check_not_collapsed("tiles", np.repeat(unit_rows(1), 9, axis=0))


def test_a_few_copies_of_one_picture_are_no_collapse(unit_rows: Rows) -> None:
    check_not_collapsed("tiles", np.repeat(unit_rows(1), 3, axis=0))


@pytest.mark.parametrize(
    "array",
    [np.ones(2, np.float32), np.ones((1, 3), np.float32), np.ones((1, 2), np.float64)],
    ids=["one-dimensional", "other-width", "float64"],
)
def test_wrong_arrays_are_refused_by_name(array: NDArray[np.float32]) -> None:
    with pytest.raises(ShapeError, match=r"tiles: expected float32 \[n, 2\], got"):
        check_matrix("tiles", array, 2)
