"""A sieve changes no result, however its rounding moves the scores."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from definition import defined_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from simulated_scanners import SimulatedScanner

from clnet.runtime.errors import BackendUnavailable, EmbeddingError
from clnet.runtime.extras import is_installed
from clnet.runtime.matcher import Matcher
from clnet.runtime.scanning.openvino_scanner import OpenVinoScanner, open_scanners
from clnet.runtime.scanning.rounding import BF16, Rounding

Floats = NDArray[np.float32]
Rows = Callable[..., Floats]
DIM = 510
CHUNK = 32


class HalfTheBound(Rounding):
    """The same arithmetic with a bound that is wrong."""

    def bound(self, queries: Floats) -> NDArray[np.float64]:
        return super().bound(queries) / 2


HALF = HalfTheBound("bf16", BF16.input_unit, BF16.step_unit, BF16.steps)


@dataclass(frozen=True)
class Opposed:
    """A gallery whose best row bfloat16 moves down, and the next best ones up."""

    queries: Floats
    gallery: Floats
    best: int
    """Row of the best match of every query."""


def opposed(seed: int) -> Opposed:
    """
    Let all residuals of the best row and of the query's own have the wrong sign.

    The query's first half is rounded up, as the near rows are, which lie there; its second half
    is rounded down, as the best row is, which lies there.
    """
    random = np.random.default_rng(seed)
    half = DIM // 2
    query = np.empty(DIM, np.float32)
    query[:half] = halfway(DIM - 1, up=True)
    query[half:] = halfway(DIM - 1, up=False)
    best, near = np.zeros(DIM, np.float32), np.zeros(DIM, np.float32)
    best[half:-1] = halfway(half - 1, up=False)
    near[1:half] = halfway(half - 1, up=True)
    near[random.integers(1, half)] *= np.float32(0.9)
    far = random.standard_normal((2 * CHUNK, DIM))
    far /= np.linalg.norm(far, axis=1, keepdims=True)
    block = np.repeat(near[None], 12, axis=0)
    place = int(random.integers(len(block)))
    block[place] = best
    signs = random.choice([-1, 1], DIM).astype(np.float32)
    order = random.permutation(DIM)
    gallery = np.concatenate([far.astype(np.float32), block]) * signs
    queries = np.repeat((query * signs)[None], 3, axis=0)
    return Opposed(queries[:, order], gallery[:, order].copy(), len(far) + place)


def halfway(count: int, *, up: bool) -> np.float32:
    """A component that bfloat16 moves up or down most; `count` of them have length 1, nearly."""
    bits = np.array([1 / np.sqrt(count)], np.float32).view(np.uint32)
    return np.float32((bits & 0xFFFF0000 | (0x8001 if up else 0x7FFF)).view(np.float32)[0])


def matcher_of(rounding: Rounding, dim: int = DIM) -> Matcher:
    scanner = SimulatedScanner(dim, chunk_rows=CHUNK)
    return Matcher(scanner, SimulatedScanner(dim, rounding, chunk_rows=CHUNK))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 13))
def test_a_row_that_rounding_moves_down_by_nearly_the_bound_is_found(seed: int, k: int) -> None:
    case = opposed(seed)

    rows = matcher_of(BF16).top_k(case.queries, case.gallery, k).rows

    assert (rows[:, 0] == case.best).all()
    np.testing.assert_array_equal(rows, defined_rows(case.queries, case.gallery, k))


@pytest.mark.parametrize("seed", range(5))
def test_with_half_the_bound_that_row_would_be_lost(seed: int) -> None:
    case = opposed(seed)

    rows = matcher_of(HALF).top_k(case.queries, case.gallery, 1).rows

    assert (rows[:, 0] != case.best).all()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 200),
    copies=st.integers(1, 3),
    k=st.integers(1, 600),
)
def test_duplicates_and_near_ties_across_chunks_are_ranked_as_defined(
    seed: int, rows: int, copies: int, k: int
) -> None:
    random = np.random.default_rng(seed)
    base = random.standard_normal((rows, 24)) * random.choice([1, 1e-3, 1e-38], (rows, 24))
    base[:, 0] += 1e-3
    units = (base / np.linalg.norm(base, axis=1, keepdims=True)).astype(np.float32)
    gallery = np.tile(units, (copies, 1))
    k = min(k, len(gallery))

    found = matcher_of(BF16, 24).top_k(units[:7], gallery, k).rows

    np.testing.assert_array_equal(found, defined_rows(units[:7], gallery, k))


def test_a_sieve_settles_all_but_the_first_chunk(unit_rows: Rows) -> None:
    scanner = SimulatedScanner(256, chunk_rows=1000)
    sieve = SimulatedScanner(256, BF16, chunk_rows=1000)

    Matcher(scanner, sieve).top_k(unit_rows(20, dim=256), unit_rows(5000, dim=256, seed=1), 3)

    assert scanner.asked == [(20, 7)]
    assert sieve.sifted == [20] * 4


def test_a_scanner_can_be_its_own_sieve(unit_rows: Rows) -> None:
    queries, gallery = unit_rows(20, dim=64), unit_rows(500, dim=64, seed=1)
    scanner = SimulatedScanner(64, chunk_rows=100)

    rows = Matcher(scanner, scanner).top_k(queries, gallery, 3).rows

    np.testing.assert_array_equal(rows, defined_rows(queries, gallery, 3))
    assert (scanner.asked, scanner.sifted) == ([(20, 7)], [20] * 4)


def test_a_first_chunk_of_fewer_than_k_rows_gives_no_floor(unit_rows: Rows) -> None:
    queries, gallery = unit_rows(20, dim=64), unit_rows(500, dim=64, seed=1)
    scanner, sieve = SimulatedScanner(64, chunk_rows=10), SimulatedScanner(64, BF16)

    rows = Matcher(scanner, sieve).top_k(queries, gallery, 25).rows

    np.testing.assert_array_equal(rows, defined_rows(queries, gallery, 25))
    assert len(scanner.asked) >= 3


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_sieve_does_not_drop_a_row_that_is_not_finite_in_silence(
    unit_rows: Rows, bad: float
) -> None:
    gallery = unit_rows(90, dim=64)
    gallery[50, 3] = bad

    with pytest.raises(EmbeddingError, match="some numbers are not finite"):
        matcher_of(BF16, 64).top_k(gallery[:9], gallery, 2)


def test_a_gallery_that_a_sieve_cannot_settle_is_scanned_alone(
    unit_rows: Rows,
) -> None:
    near = unit_rows(1, dim=64) + 1e-3 * unit_rows(500, dim=64, seed=1)
    gallery = np.asarray(near / np.linalg.norm(near, axis=1, keepdims=True), np.float32)
    scanner = SimulatedScanner(64, chunk_rows=50)
    sieve = SimulatedScanner(64, BF16, chunk_rows=50)

    rows = Matcher(scanner, sieve).top_k(gallery[:9], gallery, 2).rows

    np.testing.assert_array_equal(rows, defined_rows(gallery[:9], gallery, 2))
    assert len(sieve.sifted) == 4
    assert len(scanner.asked) >= 10


def test_only_queries_that_are_not_settled_are_scanned_again(unit_rows: Rows) -> None:
    gallery = unit_rows(300, dim=64, seed=1)
    gallery[150:200] = gallery[150]
    queries = np.concatenate([gallery[150:151], unit_rows(8, dim=64)])
    scanner = SimulatedScanner(64, chunk_rows=100)

    rows = Matcher(scanner, SimulatedScanner(64, BF16, chunk_rows=100)).top_k(queries, gallery, 2)

    np.testing.assert_array_equal(rows.rows[0], [150, 151])
    assert scanner.asked[0][0] == 9
    assert {queries for queries, _ in scanner.asked[1:]} == {1}


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """Open the scan that runs where OpenVINO and the processor have bfloat16."""
    pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
    if not is_installed("openvino"):
        pytest.skip("openvino is not installed: clnet[openvino]")
    from clnet.export.matcher_graph import write_matcher

    path = tmp_path_factory.mktemp("matcher") / "matcher.onnx"
    write_matcher(path, DIM)
    try:
        scanners = open_scanners(path, "bf16", 1)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    with Matcher(*scanners) as found:
        yield found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [1, 10])
def test_openvinos_bf16_finds_a_row_that_its_rounding_moves_down(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch, seed: int, k: int
) -> None:
    monkeypatch.setattr(OpenVinoScanner, "gallery_rows", CHUNK)
    case = opposed(seed)
    queries = np.repeat(case.queries, 3, axis=0)

    rows = matcher.top_k(queries, case.gallery, k).rows

    np.testing.assert_array_equal(rows, defined_rows(queries, case.gallery, k))


def test_with_half_the_bound_openvinos_bf16_would_lose_it(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenVinoScanner, "gallery_rows", CHUNK)
    monkeypatch.setattr(matcher._sieve, "rounding", HALF)
    case = opposed(0)

    rows = matcher.top_k(np.repeat(case.queries, 3, axis=0), case.gallery, 1).rows

    assert (rows[:, 0] != case.best).all()
