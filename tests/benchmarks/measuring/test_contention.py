"""What others take of the machine is seen; our own work is not counted as theirs."""

from pathlib import Path

import pytest

from clnet.benchmarks.measuring import contention
from clnet.benchmarks.measuring.contention import Watch

CPU = "cpu  {user} 10 200 9000 50 0 4 {steal} 0 0\ncpu0 1 2 3\n"


def test_others_time_is_what_was_busy_beyond_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = tmp_path / "stat"
    monkeypatch.setattr(contention, "STAT", stat)
    monkeypatch.setattr(contention.os, "sysconf", lambda name: 100)
    monkeypatch.setattr(contention.time, "perf_counter", iter([0.0, 2.0]).__next__)
    monkeypatch.setattr(contention.time, "process_time", iter([5.0, 6.0]).__next__)
    stat.write_text(CPU.format(user=1000, steal=0))
    watch = Watch()

    stat.write_text(CPU.format(user=1200, steal=100))

    assert watch.others_cores() == pytest.approx((2.0 + 1.0 - 1.0) / 2.0)


@pytest.mark.parametrize("text", ["", "cpu 1", "cpu a b c d e f g h i"])
def test_a_system_that_does_not_tell_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "stat").write_text(text)
    monkeypatch.setattr(contention, "STAT", tmp_path / "stat")

    assert Watch().others_cores() is None
