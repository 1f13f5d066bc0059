"""Which rows belong together, and what is said of those that do not."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.comparing.key import KEY_FIELDS, key_of, matched_rows
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.ratio_result import RatioResult
from clnet.benchmarks.records.result import Result

Rows = Callable[..., LatencyResult]


@pytest.mark.parametrize("kind", list(KEY_FIELDS))
def test_a_key_is_made_of_fields_that_the_kind_has(kind: type[Result]) -> None:
    assert set(KEY_FIELDS[kind]) <= set(kind.model_fields)


def test_a_key_says_in_words_what_was_measured(latency_row: Rows) -> None:
    label = key_of(latency_row(1.0)).label
    assert label == "latency toy network ground openvino fp32 batch 4"


def test_times_and_versions_do_not_part_rows(latency_row: Rows) -> None:
    assert key_of(latency_row(1.0)) == key_of(latency_row(9.0, 8.0, versions={"torch": "9"}))


@pytest.mark.parametrize(
    "change",
    [
        {"batch": 1},
        {"view": "pair"},
        {"precision": "bf16"},
        {"span": "embed"},
        {"transfers": "excluded"},
        {"clock": "cuda_events"},
    ],
)
def test_another_question_is_another_key(latency_row: Rows, change: dict[str, object]) -> None:
    assert key_of(latency_row(1.0)) != key_of(latency_row(1.0, **change))


def test_rows_without_a_partner_are_named(latency_row: Rows) -> None:
    pairs = matched_rows(
        [latency_row(1.0), latency_row(1.0, batch=1)], [latency_row(2.0), latency_row(1.0, batch=2)]
    )
    assert len(pairs.matched) == 1
    assert pairs.notes == (
        "only in A: latency toy network ground openvino fp32 batch 1",
        "only in B: latency toy network ground openvino fp32 batch 2",
    )


def test_one_network_under_two_names_is_matched_and_said(latency_row: Rows) -> None:
    pairs = matched_rows([latency_row(1.0)], [latency_row(2.0, network="other")])
    assert len(pairs.matched) == 1
    assert pairs.notes == ("networks: toy in A, other in B; the rest matches rows",)


def test_of_several_networks_only_equal_names_match(latency_row: Rows) -> None:
    both = [latency_row(1.0), latency_row(1.0, network="other")]
    assert len(matched_rows(both, [latency_row(2.0, network="third")]).matched) == 0


def test_the_last_of_rows_that_measure_the_same_counts_and_it_is_said(latency_row: Rows) -> None:
    pairs = matched_rows([latency_row(1.0), latency_row(3.0)], [latency_row(2.0)])
    (a, _), *_ = pairs.matched.values()
    assert isinstance(a, LatencyResult)
    assert a.samples_ms == (3.0,)
    assert "A has latency toy network ground openvino fp32 batch 4 more than once" in pairs.notes[0]


def test_a_kind_that_is_not_compared_is_named(latency_row: Rows, machine: Machine) -> None:
    row = RatioResult.model_construct(kind="ratio", machine=machine)
    pairs = matched_rows([latency_row(1.0), row], [latency_row(2.0)])
    assert pairs.notes == ("rows of the kind ratio are not compared",)
