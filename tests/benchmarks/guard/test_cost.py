"""A cost is what a run computes and waits for on purpose, whatever others do meanwhile."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.guard.block import Block, Clocked
from clnet.benchmarks.guard.cost import costs_s, ratio_of


def _clocked(cpu_s: Sequence[float], wall_s: Sequence[float] | None = None) -> Clocked:
    return Clocked(wall_s=tuple(wall_s or cpu_s), cpu_s=tuple(cpu_s), stationary=True)


@given(waits=st.lists(st.floats(0, 1), min_size=9, max_size=9))
def test_waiting_for_a_core_in_some_runs_costs_nothing(waits: list[float]) -> None:
    walls = [0.01, *(0.01 + wait for wait in waits)]

    assert costs_s([_clocked([0.01] * 10, walls)]) == pytest.approx([0.01])


def test_waiting_in_every_run_counts() -> None:
    slept = _clocked([0.01] * 10, [0.012] * 10)

    assert costs_s([slept, slept]) == pytest.approx([0.012, 0.012])


def test_threads_that_compute_at_once_cost_their_sum() -> None:
    assert costs_s([_clocked([0.02] * 10, [0.01] * 10)]) == pytest.approx([0.02])


def test_disturbed_runs_do_not_move_a_cost() -> None:
    assert costs_s([_clocked([0.01, 0.01, 0.01, 0.05, 0.09])]) == pytest.approx([0.01])


@given(factor=st.floats(0.5, 2.0), cost_s=st.floats(1e-4, 1.0))
def test_a_slowdown_moves_the_ratio_by_itself(factor: float, cost_s: float) -> None:
    def blocks(method_s: float) -> list[Block]:
        one = Block(
            methods={"fit": _clocked([method_s] * 3)},
            yardsticks={"fit": _clocked([cost_s] * 3)},
            others_cores=None,
        )
        return [one] * 5

    before, after = (
        ratio_of(blocks(2 * cost_s), "fit"),
        ratio_of(blocks(2 * cost_s * factor), "fit"),
    )

    assert before.ratio == pytest.approx(2.0)
    assert after.ratio / before.ratio == pytest.approx(factor)
