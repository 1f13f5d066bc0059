"""The guard's own test counts what it called."""

from collections.abc import Callable, Mapping

from clnet.benchmarks.guard.check import CheckReport, compared
from clnet.benchmarks.guard.methods import METHODS, Method, methods_here
from clnet.benchmarks.guard.proof import prove
from clnet.benchmarks.guard.text import proof_text
from clnet.benchmarks.records.ratio_result import RatioResult

Row = Callable[..., RatioResult]
Runs = Callable[..., list[RatioResult]]


def test_each_method_is_slowed_in_turn_and_each_second_run_is_plain(row: Row, runs: Runs) -> None:
    asked: list[Mapping[Method, float]] = []

    def measure(planted: Mapping[Method, float]) -> CheckReport:
        asked.append(planted)
        return compared([row(m, planted.get(m, 1.0)) for m in METHODS], runs())

    proof = prove(measure, 7)

    here = methods_here()
    assert asked[::2] == [{here[n % len(here)]: 1.1} for n in range(7)]
    assert asked[1::2] == [{}] * 7
    assert (proof.called, proof.quiet, proof.holds) == (7, 7, True)
    assert "a planted 10% slowdown was called in 7 of 7 runs" in proof_text(proof)


def test_a_guard_that_calls_nothing_fails(row: Row, runs: Runs) -> None:
    proof = prove(lambda planted: compared([row(m) for m in METHODS], runs()), 2)

    assert (proof.called, proof.quiet, proof.holds) == (0, 2, False)
    assert "MISSED" in proof_text(proof)


def test_a_guard_that_calls_everything_fails(row: Row, runs: Runs) -> None:
    proof = prove(lambda planted: compared([row(m, 1.2) for m in METHODS], runs()), 2)

    assert (proof.called, proof.quiet, proof.holds) == (2, 0, False)
    assert len(proof.trials[0].also_called) == len(METHODS) - 1
    assert "WRONGLY CALLED" in proof_text(proof)
