"""Results keep their order, little waits, and threads end with the reader."""

import itertools
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime.read_ahead import read_ahead


def decoders() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("clnet-decode")]


@settings(max_examples=25, deadline=None)
@given(count=st.integers(0, 40), threads=st.integers(1, 4), ahead=st.integers(0, 9))
def test_results_come_in_the_order_of_what_was_given(count: int, threads: int, ahead: int) -> None:
    def slow_when_even(n: int) -> int:
        time.sleep(0.0005 * (n % 2 == 0))
        return -n

    found = list(read_ahead(slow_when_even, range(count), threads=threads, ahead=ahead))

    assert found == [-n for n in range(count)]


def test_an_endless_source_is_taken_only_as_far_ahead_as_allowed() -> None:
    taken: list[int] = []

    def endless() -> Iterator[int]:
        for n in itertools.count():
            taken.append(n)
            yield n

    results = read_ahead(abs, endless(), threads=2, ahead=5)

    assert [next(results) for _ in range(3)] == [0, 1, 2]
    assert len(taken) == 3 + 5
    results.close()


def test_an_error_comes_in_its_turn() -> None:
    results = read_ahead(lambda n: 6 // n, [3, 2, 0, 1], threads=2, ahead=3)

    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_closing_early_drops_what_nobody_began_and_ends_the_threads() -> None:
    begun: list[int] = []

    def work(n: int) -> int:
        begun.append(n)
        time.sleep(0.01)
        return n

    results = read_ahead(work, range(100), threads=1, ahead=50)
    next(results)
    results.close()

    assert len(begun) < 10
    assert decoders() == []
