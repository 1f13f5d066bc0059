"""A run that is killed, at whatever moment, and resumed ends with the weights of a whole one."""

import json
import multiprocessing
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

import killed_run
from safetensors.torch import load_file

from clnet.runtime import ArtifactError
from clnet.training.train_config import TrainConfig
from clnet.training.trainer import Trainer, run_state

Build = Callable[[TrainConfig, Path], Trainer]

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["clnet.training.trainer"])  # else each imports torch for seconds


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def whole(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    killed_run.run(folder, pictures, resume=False)
    return folder


def kill(folder: Path, pictures: Path, moment: str, count: int) -> None:
    process = PROCESSES.Process(
        target=killed_run.run_and_die, args=(folder, pictures, moment, count)
    )
    process.start()
    process.join(timeout=120)
    ended = process.exitcode
    process.kill()
    assert ended == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("in a step", 1),
        ("in a step", 8),
        ("before a save", 1),
        ("in a save", 2),
        ("after a save", 3),
        ("after an evaluation", 2),
        ("after new negatives", 1),
        ("after the checkpoint", 1),
        ("at the very end", 1),
    ],
)
def test_a_killed_run_goes_on_to_the_same_weights(
    moment: str, count: int, whole: Path, pictures: Path, tmp_path: Path
) -> None:
    kill(tmp_path, pictures, moment, count)

    killed_run.run(tmp_path, pictures, resume=True)

    expected, found = (load_file(one / "model.safetensors") for one in (whole, tmp_path))
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert figures(tmp_path) == figures(whole)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_a_run_that_is_killed_twice_goes_on_to_the_same_weights(
    whole: Path, pictures: Path, tmp_path: Path
) -> None:
    kill(tmp_path, pictures, "in a step", 4)
    kill(tmp_path, pictures, "in a save", 2)

    killed_run.run(tmp_path, pictures, resume=True)

    expected, found = (load_file(one / "model.safetensors") for one in (whole, tmp_path))
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def figures(folder: Path) -> list[dict[str, Any]]:
    """Read the log, without what a clock says."""
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [{name: row[name] for name in row if name != "pairs_per_s"} for row in rows]


class Cut(Exception):
    """Stands for whatever ends a process."""


@pytest.fixture
def cut(
    config: TrainConfig, trainer: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A run that ended after its first save."""

    def saved_and_cut(*arguments: Any) -> None:
        run_state.save_state(*arguments)
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("clnet.training.trainer.trainer.save_state", saved_and_cut)
        with pytest.raises(Cut):
            trainer(config, tmp_path).run()
    return tmp_path


def test_resuming_under_another_config_is_refused(
    config: TrainConfig, trainer: Build, cut: Path
) -> None:
    with pytest.raises(ArtifactError, match="under another config"):
        trainer(config.changed(seed=9), cut).run(resume=True)


def test_what_decides_no_weight_may_change_when_a_run_goes_on(
    config: TrainConfig, trainer: Build, cut: Path
) -> None:
    trainer(config.changed(cache_mib=0, save_every=5, loader_threads=1), cut).run(resume=True)

    assert (cut / "model.safetensors").exists()


def test_resuming_with_other_places_is_refused(
    config: TrainConfig, places: list[Any], task: Any, cut: Path
) -> None:
    with pytest.raises(ArtifactError, match="saved with other training places"):
        Trainer(config, places[1:], [task], cut).run(resume=True)


def test_a_damaged_state_is_refused(config: TrainConfig, trainer: Build, cut: Path) -> None:
    (cut / "state.safetensors").write_bytes(b"\x07" * 100)

    with pytest.raises(ArtifactError, match="cannot resume from"):
        trainer(config, cut).run(resume=True)


def test_other_circumstances_are_noted_and_not_refused(
    config: TrainConfig, trainer: Build, cut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 77)
    resumed = trainer(config, cut)

    resumed.run(resume=True)

    rows = [json.loads(line) for line in (cut / "log.jsonl").read_text().splitlines()]
    assert "now 77" in resumed.notes[0]
    assert {"step": 2, "note": resumed.notes[0]} in rows
