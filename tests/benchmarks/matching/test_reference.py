"""The reference is the definition, and one wrong id is noticed."""

import numpy as np
import pytest

from clnet.benchmarks.matching import reference
from clnet.benchmarks.matching.reference import identical, reference_top_k
from clnet.benchmarks.matching.vectors import unit_vectors


@pytest.mark.parametrize("block", [3, 50, 4096])
def test_the_best_rows_come_first_whatever_the_blocks(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(reference, "_ROWS", block)
    queries, gallery = unit_vectors(5, 8, seed=1), unit_vectors(50, 8, seed=2)

    expected = np.argsort(-(queries.astype(np.float64) @ gallery.T.astype(np.float64)), axis=1)

    np.testing.assert_array_equal(reference_top_k(queries, gallery, 7), expected[:, :7])


def test_equal_scores_come_in_gallery_order_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_ROWS", 7)
    gallery = np.tile(unit_vectors(3, 8, seed=2), (10, 1))

    np.testing.assert_array_equal(
        reference_top_k(gallery[1:2], gallery, 6), [[1, 4, 7, 10, 13, 16]]
    )


def test_one_planted_wrong_id_is_noticed() -> None:
    gallery = unit_vectors(30, 8, seed=2)
    found = reference_top_k(gallery[:4], gallery, 3)
    assert identical(found.copy(), found)

    wrong = found.copy()
    wrong[2, 1:] = wrong[2, :0:-1]

    assert not identical(wrong, found)


def test_vectors_depend_on_the_seed_alone_and_have_unit_length() -> None:
    vectors = unit_vectors(5000, 16, seed=3)

    np.testing.assert_array_equal(vectors[:10], unit_vectors(10, 16, seed=3))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
