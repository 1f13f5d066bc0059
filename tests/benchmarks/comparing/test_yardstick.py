"""What times of two runs are divided by."""

from collections.abc import Callable, Sequence

import pytest

from clnet.benchmarks.comparing.key import matched_rows
from clnet.benchmarks.comparing.yardstick import Yardstick, blocks_ms, by_yardstick, find_yardstick
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.matching_result import MatchingResult

Rows = Callable[..., LatencyResult]


def _found(
    a: Sequence[LatencyResult], b: Sequence[LatencyResult]
) -> tuple[Yardstick | None, str | None]:
    return find_yardstick(a[0], b[0], matched_rows(a, b).matched)


def test_pytorch_eager_is_the_yardstick_of_a_latency(latency_row: Rows, eager_row: Rows) -> None:
    ort = latency_row(3.0, backend="onnxruntime")
    yardstick, reason = _found(
        [latency_row(1.0), ort, eager_row(5.0)], [latency_row(2.0), ort, eager_row(6.0)]
    )
    assert yardstick is not None
    assert (yardstick.name, yardstick.a.samples_ms, yardstick.b.samples_ms) == (
        "torch_eager fp32",
        (5.0,),
        (6.0,),
    )
    assert reason is None


def test_without_pytorch_it_is_onnxruntime_in_fp32(latency_row: Rows) -> None:
    rows = [latency_row(1.0), latency_row(3.0, backend="onnxruntime")]
    yardstick, _ = _found(rows, rows)
    assert yardstick is not None
    assert yardstick.name == "onnxruntime fp32"


def test_the_yardstick_itself_has_none(latency_row: Rows, eager_row: Rows) -> None:
    rows = [eager_row(5.0), latency_row(1.0, backend="onnxruntime")]
    assert _found(rows, rows) == (None, None)


@pytest.mark.parametrize("change", [{"batch": 1}, {"view": "pair"}, {"span": "embed"}])
def test_a_yardstick_of_another_question_is_none(
    latency_row: Rows, eager_row: Rows, change: dict[str, object]
) -> None:
    rows = [latency_row(1.0), eager_row(5.0, **change)]
    assert _found(rows, rows) == (None, None)


def test_a_yardstick_that_ran_other_rounds_is_none(latency_row: Rows, eager_row: Rows) -> None:
    rows = [latency_row(1.0, 1.0), eager_row(5.0)]
    assert _found(rows, rows) == (None, None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"versions": {"torch": "2.8", "onnxruntime": "1.2", "openvino": "3"}}, "torch 2.7 -> 2.8"),
        ({"threads": 1}, "threads 2 -> 1"),
        ({"configuration": {"depth": 9}}, "configuration depth (absent) -> 9"),
    ],
)
def test_a_yardstick_that_changed_is_none_and_why_is_said(
    latency_row: Rows, eager_row: Rows, change: dict[str, object], what: str
) -> None:
    yardstick, reason = _found(
        [latency_row(1.0), eager_row(5.0)], [latency_row(1.0), eager_row(5.0, **change)]
    )
    assert yardstick is None
    assert reason == f"torch_eager fp32 is no yardstick, it changed: {what}"


def test_another_version_of_what_is_compared_leaves_the_yardstick(
    latency_row: Rows, eager_row: Rows
) -> None:
    newer = {"torch": "2.7", "onnxruntime": "1.2", "openvino": "4"}
    yardstick, _ = _found(
        [latency_row(1.0), eager_row(5.0)],
        [latency_row(1.0, versions=newer), eager_row(5.0, versions=newer)],
    )
    assert yardstick is not None


def test_onnxruntime_on_another_graph_is_no_yardstick(latency_row: Rows) -> None:
    sides = [
        [latency_row(1.0), latency_row(3.0, backend="onnxruntime", artifacts={"graph": sha})]
        for sha in ("a", "b")
    ]
    assert _found(*sides) == (
        None,
        "onnxruntime fp32 is no yardstick, it changed: graphs",
    )


def test_samples_are_split_into_their_rounds(latency_row: Rows) -> None:
    row = latency_row(1.0, 2.0, 3.0, 4.0, rounds=2)
    assert [list(block) for block in blocks_ms(row)] == [[1.0, 2.0], [3.0, 4.0]]


def test_times_are_divided_round_by_round(latency_row: Rows, eager_row: Rows) -> None:
    assert by_yardstick(latency_row(2.0, 6.0), eager_row(4.0, 4.0)) == [[0.5], [1.5]]


def test_matching_is_divided_by_the_faster_bare_product(machine: Machine) -> None:
    rows = [
        MatchingResult.model_construct(
            kind="matching", method=method, queries=8, gallery=9, dim=4, k=1, data="random",
            rounds=2, samples=2, samples_ms=(ms, ms), threads=2, tf32=False, machine=machine,
            versions={}, artifacts={}, configuration={},
        )
        for method, ms in (("clnet", 9.0), ("product_blocks", 5.0), ("product_at_once", 4.0))
    ]  # fmt: skip
    pairs = matched_rows(rows, rows)
    yardstick, _ = find_yardstick(rows[0], rows[0], pairs.matched)
    assert yardstick is not None
    assert yardstick.name == "product_at_once"
    assert find_yardstick(rows[1], rows[1], pairs.matched) == (None, None)
