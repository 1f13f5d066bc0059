"""Advice follows from rows: the fastest whose embeddings are those of fp32."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.latency.advice import advice
from clnet.benchmarks.latency.fp32_reference import compared, reference_of
from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.latency.rows import Method, Run, Timed, latency_rows
from clnet.benchmarks.records.latency_result import LatencyResult

Times = Callable[..., Timed]
Rows = tuple[LatencyResult, ...]

ORT, FULL, HALF = Method("onnxruntime", "fp32"), Method("openvino", "fp32"), Method("cuda", "fp16")
NO_FILES = Ran(artifacts={"ground": {}, "satellite": {}}, engines={})


@pytest.fixture
def rows(shared: Run, timed: Times) -> Callable[..., Rows]:
    """Measure methods that take 1 s by `seconds`; embeddings of `HALF` have the cosine given."""

    def make(seconds: dict[Method, float], cosine: float = 0.9999) -> Rows:
        turns = {method: timed(((one,), (one,))) for method, one in seconds.items()}
        made = latency_rows(shared, turns, dict.fromkeys(seconds, NO_FILES))
        reference = reference_of(seconds)
        if reference is None:
            return made
        cosines = {
            method: {"ground": 1.0, "satellite": cosine if method == HALF else 1.0}
            for method in seconds
        }
        return compared(made, turns, reference, cosines)

    return make


def test_the_fastest_is_advised_and_the_fastest_in_fp32_beside_it(
    rows: Callable[..., Rows],
) -> None:
    assert advice(rows({ORT: 4.0, FULL: 2.0, HALF: 1.0})) == (
        "advice, batch 4: --backend cuda --precision fp16 "
        "(4.00x onnxruntime fp32, min cosine 0.99990)",
        "advice, batch 4, fp32: --backend openvino --precision fp32 "
        "(2.00x onnxruntime fp32, min cosine 1.00000)",
    )


def test_the_fastest_is_advised_once_where_it_computes_in_fp32(rows: Callable[..., Rows]) -> None:
    (line,) = advice(rows({ORT: 1.0, HALF: 2.0}))

    assert "--backend onnxruntime --precision fp32 (1.00x" in line


def test_fast_and_wrong_is_not_advised(rows: Callable[..., Rows]) -> None:
    fastest, refused = advice(rows({ORT: 4.0, HALF: 1.0}, cosine=0.99))

    assert "--backend onnxruntime" in fastest
    assert refused.startswith("not advised: cuda fp16, whose embeddings leave fp32's by a cosine")


def test_without_a_method_in_fp32_the_fastest_is_advised_without_figures(
    rows: Callable[..., Rows],
) -> None:
    assert advice(rows({HALF: 1.0, Method("tensorrt", "fp16"): 0.5})) == (
        "advice, batch 4: --backend tensorrt --precision fp16",
    )


@pytest.mark.parametrize(
    ("methods", "reference"),
    [((FULL, ORT, HALF), ORT), ((HALF, FULL), FULL), ((HALF,), None), ((), None)],
)
def test_the_reference_is_onnxruntime_or_else_the_first_in_fp32(
    methods: tuple[Method, ...], reference: Method | None
) -> None:
    assert reference_of(methods) == reference


def test_a_pair_is_as_near_as_its_lesser_view(rows: Callable[..., Rows]) -> None:
    cosines = {
        row.view: row.min_cosine_to_fp32_reference
        for row in rows({ORT: 4.0, HALF: 1.0}, cosine=0.5)
        if row.precision == "fp16"
    }

    assert cosines == {"ground": 1.0, "satellite": 0.5, "pair": 0.5}


def test_advice_that_was_measured_beside_others_says_that_it_is_not_to_be_trusted(
    rows: Callable[..., Rows],
) -> None:
    quiet = rows({ORT: 4.0, FULL: 2.0})
    busy = [row.model_copy(update={"others_cores": 0.4}) for row in quiet]

    first, *rest = advice(busy)

    assert first.startswith("do not trust the advice: others used up to 0.40 cores")
    assert tuple(rest) == advice(quiet)


def test_medians_that_contradict_the_ratios_are_told(shared: Run, timed: Times) -> None:
    # Two rounds of three were disturbed, in one of them FULL alone: p50 of all runs is ORT's.
    turns = {
        ORT: timed(((4.0,), (4.0,)), ((9.0,), (9.0,)), ((4.0,), (4.0,))),
        FULL: timed(((2.0,), (2.0,)), ((5.0,), (5.0,)), ((5.0,), (5.0,))),
    }
    made = latency_rows(shared, turns, dict.fromkeys(turns, NO_FILES))
    cosines = {method: {"ground": 1.0, "satellite": 1.0} for method in turns}

    first, second = advice(compared(made, turns, ORT, cosines))

    assert first.startswith("batch 4: p50 of all runs is least for onnxruntime fp32, but advice")
    assert "--backend openvino --precision fp32 (1.80x" in second
