"""The bounds hold for what is said to run, and halves of them do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime.scanning.rounding import BF16, FP32, Rounding, to_bf16
from clnet.runtime.scanning.rounding_trial import excess

Floats = NDArray[np.float32]
BOTH = pytest.mark.parametrize("rounding", [FP32, BF16], ids=lambda one: one.precision)


def simulated(rounding: Rounding, queries: Floats, gallery: Floats) -> NDArray[np.float64]:
    """Multiply the inputs as they are taken, and add one after another in FP32."""
    q, g = rounding.taken(queries), rounding.taken(gallery)
    total = np.zeros((len(q), len(g)), np.float32)
    for component in range(q.shape[1]):
        total += q[:, component, None] * g[:, component]
    return total.astype(np.float64)


def exact(queries: Floats, gallery: Floats) -> NDArray[np.float64]:
    return queries.astype(np.float64) @ gallery.astype(np.float64).T


def just_above_halfway(dim: int) -> Floats:
    """Two opposite unit vectors of numbers that bfloat16 moves up by nearly its unit."""
    row = np.full(dim, (1 + 2.0**-8 + 2.0**-20) / np.sqrt(dim), np.float32)
    row[: dim // 128] = 0  # for a length of 1
    return np.stack([row, -row])


@given(st.integers(0, 2**32 - 1))
def test_rounding_to_bf16_goes_to_the_nearest_and_halves_go_to_even(seed: int) -> None:
    random = np.random.default_rng(seed)
    numbers = random.standard_normal(64).astype(np.float32)
    numbers[::2].view(np.uint32)[:] = numbers[::2].view(np.uint32) & 0xFFFF0000 | 0x8000

    rounded = to_bf16(numbers)

    step = 2.0 ** (np.floor(np.log2(np.abs(numbers.astype(np.float64)))) - 7)
    expected = np.rint(numbers / step) * step
    np.testing.assert_array_equal(rounded, expected.astype(np.float32))


@BOTH
@given(seed=st.integers(0, 2**32 - 1), dim=st.sampled_from([1, 7, 64, 300]))
def test_no_score_is_further_off_than_the_bound(rounding: Rounding, seed: int, dim: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.standard_normal((12, dim)) * random.uniform(0, 1, (12, dim)) ** 4
    rows[::3] = np.sign(rows[::3])
    units = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    off = np.abs(simulated(rounding, units, units) - exact(units, units))

    assert (off <= rounding.bound(units)[:, None]).all()


@pytest.mark.parametrize("dim", [256, 1024])
def test_the_bound_of_bf16_is_nearly_reached_so_half_of_it_would_be_wrong(dim: int) -> None:
    up = just_above_halfway(dim)

    off = np.abs(simulated(BF16, up, up) - exact(up, up)).max(axis=1)

    assert (off <= BF16.bound(up)).all()
    assert (off > 0.9 * BF16.bound(up)).all()


def test_numbers_that_a_processor_takes_for_zero_are_within_the_bound() -> None:
    tiny = np.full((1, 64), 2.0**-130, np.float32)
    tiny[0, 0] = 1

    flushed = np.where(np.abs(tiny) < 2.0**-126, np.float32(0), tiny)

    off = np.abs(exact(flushed, flushed) - exact(tiny, tiny))
    assert 0 <= off <= BF16.bound(tiny) - BF16.bound(flushed) + 64 * 2.0**-50


def test_the_figures_in_the_docstring_are_right() -> None:
    rows = np.random.default_rng(0).standard_normal((200, 1024))
    units = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    assert FP32.bound(units) == pytest.approx(6.1e-5, rel=0.01)
    assert np.median(BF16.bound(units)) == pytest.approx(5.8e-3, rel=0.02)


@BOTH
def test_a_trial_passes_the_arithmetic_that_it_is_told_of(rounding: Rounding) -> None:
    assert excess(rounding, lambda q, g: simulated(rounding, q, g).astype(np.float32), 128) <= 1


def truncated(vectors: Floats) -> Floats:
    return (vectors.view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


@pytest.mark.parametrize(
    ("rounding", "multiply"),
    [
        pytest.param(FP32, lambda q, g: to_bf16(q) @ to_bf16(g).T, id="bf16 for fp32"),
        pytest.param(BF16, lambda q, g: truncated(q) @ truncated(g).T, id="cut, not rounded"),
        pytest.param(BF16, lambda q, g: to_bf16(to_bf16(q) @ to_bf16(g).T), id="rounded result"),
        pytest.param(BF16, lambda q, g: q @ g.T * np.float32(np.nan), id="not a number"),
    ],
)
@pytest.mark.parametrize("dim", [16, 1024])
def test_a_trial_exposes_another_arithmetic(rounding: Rounding, multiply: object, dim: int) -> None:
    assert not excess(rounding, multiply, dim) <= 1  # type: ignore[arg-type]
