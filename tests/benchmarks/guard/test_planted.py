"""A planted slowdown is as long as it says."""

import pytest

from clnet.benchmarks.guard import block, planted
from clnet.benchmarks.guard.block import clock
from clnet.benchmarks.guard.planted import slowed


class FakeTime:
    """A clock that moves when work is done, and by a tick whenever it is read."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def process_time(self) -> float:
        self.now_s += 1e-4
        return self.now_s

    perf_counter = process_time

    def work(self) -> None:
        self.now_s += 1.0


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    fake = FakeTime()
    monkeypatch.setattr(planted, "time", fake)
    monkeypatch.setattr(block, "time", fake)
    return fake


@pytest.mark.parametrize("factor", [1.0, 1.1, 2.0])
def test_a_run_computes_so_many_times_as_long(fake: FakeTime, factor: float) -> None:
    _, plain_s = clock(fake.work)
    _, slowed_s = clock(slowed(fake.work, factor))

    assert slowed_s / plain_s == pytest.approx(factor, abs=0.002)


def test_the_work_is_done_once(fake: FakeTime) -> None:
    calls: list[int] = []

    slowed(lambda: calls.append(1), 1.1)()

    assert calls == [1]
