"""What is absent, and what cannot be looked at, are told apart."""

from pathlib import Path

import pytest

from clnet.runtime import DataError
from clnet.runtime.datasets.folders import is_file, is_folder


def test_a_file_is_no_folder_and_a_folder_no_file(tmp_path: Path) -> None:
    (tmp_path / "list.txt").touch()

    assert is_file(tmp_path / "list.txt")
    assert not is_file(tmp_path)
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / "list.txt")


def test_what_is_absent_is_neither(tmp_path: Path) -> None:
    (tmp_path / "list.txt").touch()

    for absent in (tmp_path / "nothing", tmp_path / "list.txt" / "below"):
        assert not is_file(absent)
        assert not is_folder(absent)


def test_what_cannot_be_looked_at_is_not_taken_for_absent(tmp_path: Path) -> None:
    refused = tmp_path / ("n" * 300)  # refused to root, too, whom no permission stops

    for look in (is_file, is_folder):
        with pytest.raises(DataError, match=r"cannot look for .*n: "):
            look(refused)
