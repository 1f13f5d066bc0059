"""A folder that no run can be written to is refused by one error."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError
from clnet.training.train_config import TrainConfig
from clnet.training.trainer.run_folder import check_folder, prepare_folder

CONFIG = TrainConfig(steps=1)


def test_a_folder_that_cannot_be_looked_into_is_refused(tmp_path: Path) -> None:
    refused = tmp_path / ("n" * 300)  # refused to root, too, whom no permission stops

    for resume in (False, True):
        with pytest.raises(ArtifactError, match=r"cannot look into .*n: "):
            check_folder(refused, CONFIG, resume)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").touch()

    with pytest.raises(ArtifactError, match=r"cannot write .*run"):
        prepare_folder(tmp_path / "run", CONFIG)


def test_what_a_run_left_that_was_cut_before_a_save_goes(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("{}\n")
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / ".state.safetensors.x").touch()

    prepare_folder(tmp_path, CONFIG)

    assert [path.name for path in tmp_path.iterdir()] == ["train.json"]
