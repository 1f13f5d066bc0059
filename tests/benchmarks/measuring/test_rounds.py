"""Methods take turns, warm up until they settle, and are compared within a round."""

from itertools import cycle

from clnet.benchmarks.measuring.rounds import interleave, median_ratio, warm_up
from clnet.runtime.progress import silent


def test_every_method_takes_one_turn_a_round_in_turned_order_every_second_time() -> None:
    order: list[str] = []

    def turn(name: str) -> int:
        order.append(name)
        return len(order)

    with silent("turns", None) as advance:
        taken = interleave({name: lambda n=name: turn(n) for name in "ABC"}, 3, advance)

    assert order == list("ABCCBAABC")
    assert taken == {"A": [1, 6, 7], "B": [2, 5, 8], "C": [3, 4, 9]}


def test_warm_up_ends_when_three_times_agree() -> None:
    seconds = iter([9.0, 5.0, 1.05, 1.0, 1.02, 7.0])

    assert warm_up(lambda: next(seconds)) == (1.02, True)
    assert next(seconds) == 7.0


def test_warm_up_gives_up_on_times_that_never_settle_and_says_so() -> None:
    seconds = cycle([0.1, 0.5])

    _, stationary = warm_up(lambda: next(seconds))

    assert not stationary


def test_warm_up_of_slow_runs_ends_by_the_clock_after_three() -> None:
    seconds = iter([30.0, 20.0, 10.0])

    assert warm_up(lambda: next(seconds)) == (20.0, False)


def test_a_disturbed_round_does_not_move_the_ratio() -> None:
    ours, theirs = [1.0, 1.0, 50.0, 1.0], [2.0, 2.0, 100.0, 2.0]

    assert median_ratio(theirs, ours) == 2.0
