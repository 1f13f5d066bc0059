"""The figures that a reader came for."""

from collections.abc import Callable, Sequence

from clnet.benchmarks.records.result import Result
from clnet.benchmarks.report.summary import cards_of

Make = Callable[..., Result]


def test_the_fastest_pair_of_each_batch_is_named(latency_row: Make) -> None:
    rows = [
        latency_row(10.0),
        latency_row(4.0, backend="openvino", ratio_to_torch_eager_fp32=5.0),
        latency_row(1.0, view="ground"),
        latency_row(40.0, batch=8, scenario="Offline"),
    ]

    cards = cards_of(rows)

    assert [(card.label, card.value) for card in cards] == [
        ("Fastest pair, batch 1: openvino fp32", "4.00 ms"),
        ("Fastest pair, batch 8: onnxruntime fp32", "40.00 ms"),
    ]
    assert "5.00 x torch eager fp32" in cards[0].note


def test_spans_do_not_compare_so_the_one_with_pytorch_is_taken(latency_row: Make) -> None:
    rows = [latency_row(1.0, span="embed", ratio_to_torch_eager_fp32=None), latency_row(9.0)]

    assert [card.value for card in cards_of(rows)] == ["9.00 ms"]


def test_a_time_without_transfers_is_not_the_fastest(latency_row: Make) -> None:
    rows = [latency_row(3.0, transfers="excluded"), latency_row(9.0, transfers="included")]

    assert [card.value for card in cards_of(rows)] == ["9.00 ms"]


def test_few_runs_have_no_p99_and_no_torch_has_no_ratio(latency_row: Make) -> None:
    (card,) = cards_of([latency_row(4.0, samples=5, ratio_to_torch_eager_fp32=None)])

    assert "p99: too few runs" in card.note
    assert "torch: not measured" in card.note


def test_flops_are_compared_with_the_baseline_in_both_units(flops_row: Make) -> None:
    rows = [
        flops_row("clnet-tiny", "total", 22_000_000_000),
        flops_row("sample4geo", "total", 76_000_000_000),
    ]

    (card,) = cards_of(rows)

    assert card.value == "-71.1 %"
    assert "44.00 against 152.00 GFLOPs (22.00 against 76.00 GMACs)" in card.note


def test_flops_of_one_network_have_nothing_to_compare_with(flops_row: Make) -> None:
    assert cards_of([flops_row("clnet-tiny", "total", 1)]) == ()


def test_the_most_recall_lost_is_told_with_its_interval(accuracy_row: Make) -> None:
    rows = [accuracy_row("torch_eager", None), accuracy_row("a", 0.1), accuracy_row("b", 0.5)]

    (card,) = cards_of(rows)

    assert (card.label, card.value) == ("Most recall lost: b fp32", "0.50 points")
    assert "95 % interval -1.00 to 9.00" in card.note


def test_verdicts_are_counted(comparison_row: Make) -> None:
    rows = [comparison_row("slower", 1.1), comparison_row("cannot tell", 1.0)]

    (card,) = cards_of(rows)

    assert card.value == "1 slower, 0 faster"
    assert card.note == "of 2 quantities; 1 cannot be told"


def test_every_kind_has_its_card(all_kinds: Sequence[Result]) -> None:
    labels = " ".join(card.label for card in cards_of(all_kinds))

    for words in ("batch 1", "batch 8", "file to position", "FLOPs", "recall lost", "against"):
        assert words in labels
