"""A bar on a terminal, with rate and time left; nothing anywhere else."""

import io
from functools import partial

import pytest
from rich.console import Console

from clnet.runtime import console
from clnet.runtime.console import terminal_progress


def drawn(monkeypatch: pytest.MonkeyPatch, *steps: int, terminal: bool = True) -> str:
    """Draw a bar of 1,000 images and return the screen's last state."""
    screen = io.StringIO()
    monkeypatch.setattr(
        console,
        "Console",
        lambda **_: Console(file=screen, force_terminal=terminal, width=100, color_system=None),
    )
    clock = iter(range(0, 10_000, 20))
    slow = partial(console.Progress, get_time=lambda: float(next(clock)))
    monkeypatch.setattr(console, "Progress", slow)
    with terminal_progress("embed", 1000) as advance:
        for count in steps:
            advance(count)
    return screen.getvalue().rsplit("embed", 1)[-1]


def test_a_bar_shows_how_many_how_fast_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    line = drawn(monkeypatch, *[32] * 5)

    assert "160/1000" in line
    assert "images/s" in line
    assert ":" in line.split("images/s")[1]


def test_a_slow_rate_has_a_decimal(monkeypatch: pytest.MonkeyPatch) -> None:
    rate = drawn(monkeypatch, *[8] * 5).split("images/s")[0].split()[-1]

    assert 0 < float(rate) < 10
    assert "." in rate


def test_nobody_knows_the_rate_before_the_second_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "- images/s" in drawn(monkeypatch, 32)


def test_nothing_is_drawn_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, 32, 32, terminal=False) == ""
