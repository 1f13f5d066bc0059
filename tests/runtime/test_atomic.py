"""A reader sees the old artefact or the new one, whole."""

from pathlib import Path

import pytest

from clnet.runtime import ArtifactError
from clnet.runtime.atomic import directory_written_aside, file_written_aside


def write_then_fail(path: Path) -> None:
    with file_written_aside(path) as aside:
        aside.write_text("half")
        raise KeyboardInterrupt


def fill_then_fail(path: Path) -> None:
    with directory_written_aside(path, replace=True) as aside:
        (aside / "half").touch()
        raise KeyboardInterrupt


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    with file_written_aside(path) as aside:
        aside.write_text("whole")
        assert not path.exists()

    assert path.read_text() == "whole"


def test_an_interrupted_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    with pytest.raises(KeyboardInterrupt):
        write_then_fail(path)

    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "old")]


def test_an_interrupted_directory_leaves_the_old_one_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "old").touch()

    with pytest.raises(KeyboardInterrupt):
        fill_then_fail(path)

    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
    assert [one.name for one in path.iterdir()] == ["old"]


def test_a_new_directory_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "old").touch()

    with directory_written_aside(path, replace=True) as aside:
        (aside / "new").touch()

    assert [one.name for one in path.iterdir()] == ["new"]
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_a_taken_directory_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "something").touch()

    with (
        pytest.raises(ArtifactError, match="exists already"),
        directory_written_aside(tmp_path),
    ):
        pytest.fail("the block must not run")


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with (
        pytest.raises(ArtifactError, match="cannot write"),
        file_written_aside(tmp_path / "file" / "below"),
    ):
        pytest.fail("the block must not run")
