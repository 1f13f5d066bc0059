"""A run's figures stand in JSON lines and in TensorBoard's event files."""

import json
import math
import time
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")
pytest.importorskip(
    "tensorboard", reason="tensorboard is not installed: pip install 'clnet[train]'"
)

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from clnet.training.trainer.log import RunLog


def write(folder: Path, first: int, *losses: float) -> None:
    """Log some steps; TensorBoard orders event files by the second in their names."""
    log = RunLog(folder, first)
    for step, loss in enumerate(losses, first + 1):
        log.figures(step, {"loss": loss})
    log.close()


def test_rows_after_the_step_to_go_on_from_are_dropped_from_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 0, 0.5, 0.25, 0.125)
    later_s = time.time() + 1
    monkeypatch.setattr(time, "time", lambda: later_s)
    write(tmp_path, 1, 0.75)

    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.75}]
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [(one.step, one.value) for one in events.Scalars("train/loss")] == [(1, 0.5), (2, 0.75)]


def test_a_number_that_is_not_finite_is_null(tmp_path: Path) -> None:
    write(tmp_path, 0, math.inf)

    assert json.loads((tmp_path / "log.jsonl").read_text()) == {"step": 1, "loss": None}


def test_a_row_that_was_cut_short_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')

    write(tmp_path, 2, 0.125)

    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 3]
