"""`failed.jsonl` lists what the last run could not read, in whole lines, or is not there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clnet.runtime.embedder import Failure
from clnet.runtime.errors import ArtifactError
from clnet.runtime.failed_list import FailedList
from clnet.runtime.item import Item


def failure(name: str) -> Failure:
    return Failure(Item(name, Path(f"/tiles/{name}.png")), f"{name}.png: gone\nor so")


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lists" / "failed.jsonl"


def test_each_failure_is_a_line_with_id_path_and_reason(path: Path) -> None:
    with FailedList(path) as failed:
        failed.add([failure("a"), failure("b")])

    first, second = path.read_text().splitlines()
    assert json.loads(first) == {"id": "a", "path": "/tiles/a.png", "reason": "a.png: gone\nor so"}
    assert json.loads(second)["id"] == "b"


def test_a_line_is_in_the_file_before_the_next_image_is_read(path: Path) -> None:
    with FailedList(path) as failed:
        failed.add([failure("a")])

        assert ids(path) == ["a"]


def test_a_run_that_could_read_everything_leaves_no_list(path: Path) -> None:
    with FailedList(path) as failed:
        failed.add([failure("a")])
    with FailedList(path) as failed:
        failed.add([])

    assert not path.exists()


def test_the_list_of_a_later_run_replaces_the_one_before(path: Path) -> None:
    for names in (["a", "b"], ["b"]):
        with FailedList(path) as failed:
            failed.add(failure(name) for name in names)

    assert ids(path) == ["b"]


def test_a_run_that_stops_before_it_met_a_failure_keeps_the_list_before(path: Path) -> None:
    with FailedList(path) as failed:
        failed.add([failure("a")])

    with pytest.raises(KeyboardInterrupt), FailedList(path):
        raise KeyboardInterrupt

    assert ids(path) == ["a"]


def test_a_run_that_stops_leaves_what_it_had_met(path: Path) -> None:
    def stopped_after_a() -> Iterator[Failure]:
        yield failure("a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), FailedList(path) as failed:
        failed.add(stopped_after_a())

    assert ids(path) == ["a"]


def test_a_list_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    with (
        pytest.raises(ArtifactError, match="the list of unreadable images: Is a directory"),
        FailedList(tmp_path),
    ):
        pytest.fail("entered")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_clear_error() -> None:
    with (
        pytest.raises(ArtifactError, match=r"/dev/full, the list .*: No space left on device"),
        FailedList(Path("/dev/full")) as failed,
    ):
        failed.add([failure("a")])


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null here")
def test_what_is_no_file_of_ours_is_not_removed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere.jsonl")

    for path in (Path("/dev/null"), link):
        with FailedList(path):
            pass
        assert path.exists()
