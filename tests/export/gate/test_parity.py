"""Embeddings beside their reference: what each limit sees."""

import numpy as np
import pytest

from clnet.export.gate.parity import compare
from clnet.runtime import ShapeError


def unit(rows: int = 200) -> np.ndarray:
    found = np.random.default_rng(0).standard_normal((rows, 32))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_equal_embeddings_pass_and_have_cosine_one() -> None:
    found = compare("ground", "fp32", unit(), unit())

    assert found.faults() == []
    assert found.min_cosine == pytest.approx(1.0, abs=1e-6)
    assert found.max_difference == 0.0


def test_one_wrong_image_shows_in_the_minimum_alone() -> None:
    wrong = unit()
    wrong[17] = wrong[18]
    found = compare("ground", "fp16", unit(), wrong)

    assert found.min_cosine < 0.9
    assert found.median_cosine == pytest.approx(1.0, abs=1e-6)
    assert "embedding level: ground fp16: min cosine" in found.faults()[0]


def test_the_first_percentile_lies_between_minimum_and_median() -> None:
    noisy = unit() + np.random.default_rng(1).normal(0, 0.01, (200, 32)).astype(np.float32)
    found = compare("satellite", "fp16", unit(), noisy)

    assert found.min_cosine <= found.p1_cosine <= found.median_cosine


def test_a_length_off_one_is_seen_although_directions_agree() -> None:
    found = compare("ground", "fp16", unit(), unit() * np.float32(1.0005))

    (fault,) = found.faults()
    assert "norm off 1 by 5.0" in fault


def test_fp32_limits_single_numbers_and_fp16_does_not() -> None:
    moved = unit()
    moved[:, 0] += 5e-5
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)

    assert compare("ground", "fp16", unit(), moved).faults() == []
    assert "difference" in compare("ground", "fp32", unit(), moved).faults()[0]


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ShapeError):
        compare("ground", "fp32", unit(3), unit(4))
