"""A `.pth` is read as tensors or refused; nothing in it runs."""

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError
from clnet.training import tensor_file
from clnet.training.tensor_file import read_tensors

TENSORS = {"a": torch.arange(600.0), "b": torch.ones(2, 3)}


class Payload:
    """Makes a folder where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    torch.save(TENSORS, tmp_path / "weights.pth")
    return tmp_path / "weights.pth"


def refused(path: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        read_tensors(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert "weights_only" not in message
    return message


def same(found: dict[str, Any]) -> bool:
    return found.keys() == TENSORS.keys() and all(torch.equal(found[n], TENSORS[n]) for n in found)


def test_tensors_come_back_under_their_names(file: Path) -> None:
    assert same(read_tensors(file))


def test_tensors_under_state_dict_come_back(tmp_path: Path) -> None:
    torch.save({"epoch": 40, "state_dict": TENSORS}, tmp_path / "w.pth")

    assert same(read_tensors(tmp_path / "w.pth"))


def test_files_older_than_zip_are_read(tmp_path: Path) -> None:
    torch.save(TENSORS, tmp_path / "w.pth", _use_new_zipfile_serialization=False)

    assert same(read_tensors(tmp_path / "w.pth"))


@pytest.mark.parametrize("packed", [True, False])
def test_a_payload_is_named_and_never_run(tmp_path: Path, packed: bool) -> None:
    target = tmp_path / "executed"
    bad = {**TENSORS, "x": Payload(target)}
    torch.save(bad, tmp_path / "w.pth", _use_new_zipfile_serialization=packed)

    message = refused(tmp_path / "w.pth")

    assert "posix.mkdir" in message
    assert "state_dict" in message
    assert not target.exists()
    with pytest.raises(FileNotFoundError):
        target.rmdir()
    torch.load(tmp_path / "w.pth", weights_only=False)
    assert target.is_dir(), "the payload works where it is let"


def test_a_payload_in_a_bare_pickle_is_never_run(tmp_path: Path) -> None:
    target = tmp_path / "executed"
    (tmp_path / "w.pth").write_bytes(pickle.dumps(Payload(target)))

    refused(tmp_path / "w.pth")

    assert not target.exists()


def test_a_whole_model_is_refused_with_the_remedy(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "w.pth")

    assert "save model.state_dict() alone" in refused(tmp_path / "w.pth")


def test_a_checkpoint_of_more_than_tensors_is_refused_by_key(tmp_path: Path) -> None:
    torch.save({"state": TENSORS, "epoch": 3}, tmp_path / "w.pth")

    assert "dict under 'state'" in refused(tmp_path / "w.pth")


def test_a_list_is_refused(tmp_path: Path) -> None:
    torch.save([TENSORS["a"]], tmp_path / "w.pth")

    assert "a list" in refused(tmp_path / "w.pth")


def test_a_sparse_tensor_is_refused_by_key(tmp_path: Path) -> None:
    torch.save({"a": torch.eye(3).to_sparse()}, tmp_path / "w.pth")

    assert "'a'" in refused(tmp_path / "w.pth")


def test_a_tensor_without_contents_is_refused_by_key(tmp_path: Path) -> None:
    torch.save({"a": torch.empty(3, device="meta")}, tmp_path / "w.pth")

    assert "'a'" in refused(tmp_path / "w.pth")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "w.pth")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "got a folder" in refused(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.pth").touch()

    assert "damaged, truncated or other file" in refused(tmp_path / "w.pth")


def test_a_file_that_is_too_large_is_refused_unread(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensor_file, "MAX_BYTES", 1000)

    assert "at most 1,000 bytes" in refused(file)


def test_a_compressed_zip_is_refused(file: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pth"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, source.read(name))

    assert "expected a .pth file of tensors" in refused(bomb)


def test_one_flipped_bit_of_a_weight_is_seen(file: Path) -> None:
    content = bytearray(file.read_bytes())
    start = content.index(TENSORS["a"].numpy().tobytes())
    content[start + 100] ^= 1
    file.write_bytes(content)

    assert "damaged" in refused(file)


@settings(deadline=None)
@given(share=st.floats(0, 1, exclude_max=True), packed=st.booleans())
def test_a_truncated_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, share: float, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("cut") / "w.pth"
    torch.save(TENSORS, path, _use_new_zipfile_serialization=packed)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    refused(path)


@settings(deadline=None)
@given(position=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, position: float, mask: int
) -> None:
    path = tmp_path_factory.mktemp("changed") / "w.pth"
    torch.save(TENSORS, path)
    content = bytearray(path.read_bytes())
    content[int(position * len(content))] ^= mask
    path.write_bytes(content)

    try:
        found = read_tensors(path)
    except ArtifactError:
        return
    assert same(found)


@settings(deadline=None)
@given(content=st.binary(max_size=300))
def test_other_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("other") / "w.pth"
    path.write_bytes(content)

    refused(path)
