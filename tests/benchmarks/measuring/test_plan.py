"""A budget is shared among methods; slow ones exceed it, and it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.measuring.plan import LEAST_ROUNDS, ROUNDS, Budget, plan
from clnet.benchmarks.measuring.worker import PAUSE_S

once = st.dictionaries(st.sampled_from("ABCDEF"), st.floats(1e-5, 5.0), min_size=1)
budgets = st.floats(0.01, 60.0)


def expected_s(once_s: dict[str, float], seconds: float) -> float:
    planned = plan(once_s, Budget(seconds))
    return planned.rounds * sum(
        PAUSE_S + (turn.runs + turn.settle) * once_s[name] for name, turn in planned.turns.items()
    )


def test_fast_methods_run_often_enough_and_slow_ones_share_the_rest() -> None:
    planned = plan({"slow": 0.1, "slower": 0.2, "fast": 0.01}, Budget(10.0))

    assert planned.rounds == ROUNDS
    # Of 0.85 s a round, pauses are not counted, the fast one takes 0.11 s; half of the rest each.
    assert {name: turn.runs for name, turn in planned.turns.items()} == {
        "slow": 2,
        "slower": 1,
        "fast": 10,
    }
    assert planned.excess is None


def test_short_runs_have_a_99th_percentile() -> None:
    planned = plan(dict.fromkeys("ABCDEF", 0.005), Budget(10.0))

    assert min(turn.runs for turn in planned.turns.values()) * planned.rounds >= 100


@given(once, budgets)
def test_the_budget_is_kept_or_its_excess_is_said(once_s: dict[str, float], seconds: float) -> None:
    if plan(once_s, Budget(seconds)).excess is None:
        assert expected_s(once_s, seconds) <= 1.2 * seconds


@given(once, budgets)
def test_every_method_runs_in_enough_rounds(once_s: dict[str, float], seconds: float) -> None:
    planned = plan(once_s, Budget(seconds))

    assert LEAST_ROUNDS <= planned.rounds <= ROUNDS
    assert set(planned.turns) == set(once_s)


@given(once, st.integers(1, 50))
def test_rounds_that_were_asked_for_are_kept(once_s: dict[str, float], rounds: int) -> None:
    assert plan(once_s, Budget(1.0, rounds)).rounds == rounds


@pytest.mark.parametrize(("once_s", "settle"), [(2.0, 0), (0.01, 1)])
def test_a_turn_of_several_runs_settles_first(once_s: float, settle: int) -> None:
    assert plan({"A": once_s}, Budget(10.0)).turns["A"].settle == settle


def test_a_slow_network_says_how_long_it_takes() -> None:
    excess = plan({"A": 3.0, "B": 1.0}, Budget(10.0)).excess

    assert excess == ("runs are slow: 5 rounds took about 20 s, more than the 10 s of --seconds")
