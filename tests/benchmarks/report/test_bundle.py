"""What a bundle adds to a report: its proof and its neural maps."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="plots are drawn with matplotlib: clnet[bench]")
pytest.importorskip("onnx", reason="maps are read from a graph with onnx: clnet[export]")

from clnet.benchmarks.report.neural_maps import neural_maps
from clnet.benchmarks.report.parity import parity
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord, Manifest

PARITY = {
    "images": "folders",
    "images_sha256": "b" * 64,
    "trusted": "a fresh export of the checkpoint",
    "tensors": [
        {"view": "ground", "precision": "fp32", "images": 2, "compared": 0, "of": 3, "worst": []}
    ],
    "embeddings": [
        {
            "view": "ground",
            "precision": "fp32",
            "images": 40,
            "min_cosine": 0.9999,
            "p1_cosine": 0.99995,
            "median_cosine": 1.0,
            "max_difference": 1e-5,
            "max_norm_error": 0.0,
        }
    ],
    "retrieval": [],
    "faults": [],
    "blame": [],
}


def listed(folder: Path, *names: str) -> Bundle:
    """Give a bundle of these files, as they are now."""
    old = Manifest.read(folder / "manifest.json")
    records = {
        name: FileRecord(sha256=sha256_of(folder / name), size_bytes=(folder / name).stat().st_size)
        for name in (*old.files, *names)
    }
    old.model_copy(update={"files": records}).write(folder / "manifest.json")
    return Bundle.open(folder)


@pytest.fixture
def folder(toy_bundle: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(toy_bundle, tmp_path / "toy"))


def test_a_bundle_without_a_proof_says_so(toy_bundle: Path) -> None:
    section = parity(Bundle.open(toy_bundle))

    assert section.tables == ()
    assert section.words[0].startswith("No parity: toy holds no parity.json")


def test_a_proof_is_shown_and_what_it_lacks_is_said(folder: Path) -> None:
    (folder / "parity.json").write_text(json.dumps(PARITY))

    section = parity(listed(folder, "parity.json"))

    embeddings, tensors = section.tables
    assert embeddings.lines[0][:4] == ("ground", "fp32", "40", "0.9999000")
    assert tensors.lines[0] == ("ground", "fp32", "-", "-", "0 of 3", "-")
    assert "Retrieval: not measured" in section.words[-1]


def test_a_network_without_maps_has_no_pictures(toy_bundle: Path) -> None:
    section = neural_maps(Bundle.open(toy_bundle))

    assert section.pictures == ()
    assert section.words == ("None: the graphs of this bundle hold no folded maps.",)


def test_folded_maps_are_drawn_level_by_level(folder: Path) -> None:
    import onnx

    for view, shape in (("ground", (1, 4, 2, 8)), ("satellite", (1, 4, 3, 3))):
        path = folder / view / "model.fp32.onnx"
        model = onnx.load(path)
        for level in range(2):
            values = np.random.default_rng(level).uniform(1, 3, shape).astype(np.float32)
            model.graph.initializer.append(onnx.numpy_helper.from_array(values, f"gain_{level}"))
        onnx.save(model, path)

    section = neural_maps(listed(folder))

    assert [one.title for one in section.pictures] == [
        f"level {level}, C x H x W: ground 4 x 2 x 8, satellite 4 x 3 x 3" for level in range(2)
    ]
    assert section.pictures[0].svg.count("<image ") == 6
    assert "ground 1." in section.pictures[0].alt
