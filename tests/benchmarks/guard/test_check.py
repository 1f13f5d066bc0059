"""What the guard says of a run."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.guard.check import compared
from clnet.benchmarks.guard.methods import METHODS, ratio_name
from clnet.benchmarks.guard.text import check_text
from clnet.benchmarks.records.ratio_result import RatioResult

Row = Callable[..., RatioResult]
Runs = Callable[..., list[RatioResult]]


def test_what_became_slower_is_named_and_nothing_else(row: Row, runs: Runs) -> None:
    now = [row(method, 1.1 if method == "fit" else 1.0) for method in METHODS]

    report = compared(now, runs())

    assert report.called("slower") == ("fit / cv2",)
    assert len(report.called("cannot tell")) == len(METHODS) - 1
    assert check_text(report).endswith("slower: fit / cv2, +10.0 %")


def test_the_same_ratios_are_all_clear(row: Row, runs: Runs) -> None:
    report = compared([row(method) for method in METHODS], runs())

    assert "nothing became slower" in check_text(report)
    assert report.notes == ()


def test_a_ratio_that_was_committed_too_seldom_gets_no_verdict(row: Row, runs: Runs) -> None:
    report = compared(
        [row("fit"), row("embed files")], [*runs(6, ["fit"]), *runs(2, ["embed files"])]
    )

    assert list(report.judgements) == [ratio_name("fit")]
    assert report.notes == (f"{ratio_name('embed files')}: committed in 2 runs of the 5 it needs",)


def test_a_committed_ratio_that_was_not_measured_is_told(row: Row, runs: Runs) -> None:
    report = compared([row("fit")], runs(6, ["fit", "embed openvino"]))

    assert report.notes == (
        f"{ratio_name('embed openvino')}: committed, not measured: not installed here",
    )


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"others_cores": 1.3}, "others used 1.3 of 2 cores meanwhile"),
        ({"versions": {"numpy": "3"}}, "numpy is 3 here, 2 in the last committed run"),
        ({"versions": {}}, "numpy is absent here"),
        ({"low": 0.5, "high": 2.0}, "fit / cv2: too unsteady to call 10%"),
    ],
)
def test_what_makes_a_verdict_doubtful_is_told(
    row: Row, runs: Runs, fields: dict[str, object], note: str
) -> None:
    report = compared([row("fit", **fields)], runs(6, ["fit"]))

    assert [line for line in report.notes if line.startswith(note)] == list(report.notes)
    assert len(report.notes) == 1
