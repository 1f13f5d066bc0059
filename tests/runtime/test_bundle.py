"""A bundle is what its manifest says, or it does not open."""

import json
from pathlib import Path

import pytest

from clnet.runtime import ArtifactError, Bundle, Manifest
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import FileRecord, space_id
from clnet.runtime.panorama import NORTH_CENTRED
from clnet.runtime.preprocess import Preprocess


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle that holds one file."""
    graph = tmp_path / "ground" / "model.fp32.onnx"
    graph.parent.mkdir()
    graph.write_bytes(b"graph")
    Manifest(
        embedding_space_id="0" * 32,
        embedding_dim=4,
        precision="fp32",
        network={},
        source_checkpoint_sha256="0" * 64,
        opset=20,
        retrieval="measured",
        versions={},
        files={"ground/model.fp32.onnx": FileRecord(sha256=sha256_of(graph), size_bytes=5)},
    ).write(tmp_path / "manifest.json")
    return tmp_path


def change_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_whole_bundle_opens_and_finds_its_graph(folder: Path) -> None:
    assert Bundle.open(folder).graph("ground") == folder / "ground" / "model.fp32.onnx"


def test_a_changed_byte_is_found(folder: Path) -> None:
    (folder / "ground" / "model.fp32.onnx").write_bytes(b"grapH")

    with pytest.raises(ArtifactError, match=r"ground/model\.fp32\.onnx is not the file"):
        Bundle.open(folder)


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "ground" / "model.fp32.onnx").unlink()

    with pytest.raises(ArtifactError, match="is missing"):
        Bundle.open(folder)


def test_a_link_in_place_of_a_file_is_refused(folder: Path) -> None:
    graph = folder / "ground" / "model.fp32.onnx"
    graph.rename(folder / "elsewhere")
    graph.symlink_to(folder / "elsewhere")

    with pytest.raises(ArtifactError, match="is missing"):
        Bundle.open(folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "ground/../../secret", "a\\b"])
def test_a_path_that_leaves_the_bundle_is_refused(folder: Path, name: str) -> None:
    change_manifest(folder, files={name: {"sha256": "0" * 64, "size_bytes": 1}})

    with pytest.raises(ArtifactError, match="leaves the bundle"):
        Bundle.open(folder)


def test_another_schema_version_is_refused(folder: Path) -> None:
    change_manifest(folder, schema_version=2)

    with pytest.raises(ArtifactError, match="schema_version"):
        Bundle.open(folder)


def test_a_folder_that_is_no_bundle_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"no manifest\.json; make one with clnet-export"):
        Bundle.open(tmp_path)


def test_a_precision_that_was_not_exported_is_refused(folder: Path) -> None:
    with pytest.raises(ArtifactError, match=r"holds no ground/model\.fp16\.onnx"):
        Bundle.open(folder).graph("ground", "fp16")


def test_stating_the_panorama_contract_keeps_the_embedding_space() -> None:
    ground = Preprocess(view="ground", height=8, width=32)
    stated = ground.model_copy(update={"panorama": NORTH_CENTRED})
    before = {"ground": ground.model_dump(mode="json", exclude={"panorama"}), "levels": [3]}
    after = {"ground": stated.model_dump(mode="json"), "levels": [3]}

    assert space_id("0" * 64, after) == space_id("0" * 64, before)


def test_other_preprocessing_is_another_embedding_space() -> None:
    sizes = ({"ground": {"height": height}} for height in (8, 16))

    assert len({space_id("0" * 64, network) for network in sizes}) == 2
