"""
Bundles that are not what they say, given to the commands that open one.

Exit status 2, one line, nothing harmed; what one command alone meets stands in its own tests.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

for module in ("onnx", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
from onnx import helper, numpy_helper

from clnet.benchmarks.cli import bench
from clnet.engines.cli import build
from clnet.export.cli import verify
from clnet.runtime.cli import embed, match
from clnet.training.cli import evaluate

pytestmark = pytest.mark.slow

Refusal = Callable[..., str]
Tree = Callable[[Path], dict[str, str]]


def fit_hashes(bundle: Path) -> None:
    """Make the manifest agree with what the files are now."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    for name in manifest["files"]:
        content = (bundle / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        manifest["files"][name] = {"sha256": digest, "size_bytes": len(content)}
    (bundle / "manifest.json").write_text(json.dumps(manifest))


def change_graph(bundle: Path, name: str, lie: Callable[[Any], None]) -> None:
    model = onnx.load(bundle / name)
    lie(model)
    (bundle / name).write_bytes(model.SerializeToString())
    fit_hashes(bundle)


def change_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


# ONNX files that lie, in a bundle whose manifest was made to fit


def claim_another_height(model: Any) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[2].dim_value //= 2


def claim_a_larger_weight(model: Any) -> None:
    max(model.graph.initializer, key=lambda weight: len(weight.raw_data)).dims[0] = 1 << 40


def take_weights_from_elsewhere(model: Any) -> None:
    weight = max(model.graph.initializer, key=lambda weight: len(weight.raw_data))
    weight.ClearField("raw_data")
    weight.data_location = 1
    entry = weight.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"


def give_half_of_each_row(model: Any) -> None:
    """Cut the rows where no shape inference sees it; the graph goes on declaring all of D."""
    graph = model.graph
    last = next(node for node in graph.node if "embeddings" in node.output)
    last.output[0] = "whole"
    graph.node.extend(
        [
            helper.make_node("Shape", ["whole"], ["dim"], start=1, end=2),
            helper.make_node("Div", ["dim", "two"], ["half"]),
            helper.make_node("Slice", ["whole", "zero", "half", "one"], ["cut"]),
            helper.make_node("LpNormalization", ["cut"], ["embeddings"], axis=1, p=2),
        ]
    )
    for value, name in enumerate(("zero", "one", "two")):
        graph.initializer.append(numpy_helper.from_array(np.array([value], np.int64), name))


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (claim_another_height, "expected input images float32 [B, 3, 64, 64]"),
        (claim_a_larger_weight, "ONNX Runtime cannot load it"),
        (take_weights_from_elsewhere, "ONNX Runtime cannot load it"),
        (give_half_of_each_row, "declares embeddings [B, 128] and gives [4, 64]"),
    ],
)
def test_a_graph_that_lies_about_its_shapes_is_refused(
    copy: Path, refusal: Refusal, lie: Callable[[Any], None], said: str
) -> None:
    change_graph(copy, "satellite/model.fp32.onnx", lie)

    assert said in refusal(verify, copy)


def test_a_graph_that_lies_gets_no_engine(
    copy: Path, refusal: Refusal, rtx: tuple[str, ...]
) -> None:
    (copy / "satellite" / "engines").mkdir()
    change_graph(copy, "satellite/model.fp16.onnx", claim_another_height)

    line = refusal(build, copy, *rtx, "--part", "satellite")

    assert "the graph's input: expected one, float ['B', 3, 64, 64]" in line
    assert "export it again" in line


def test_a_branch_in_the_matcher_s_place_is_refused(
    copy: Path, refusal: Refusal, gallery: Path, photo: Path
) -> None:
    shutil.copy(copy / "ground" / "model.fp32.onnx", copy / "matcher.onnx")
    fit_hashes(copy)

    line = refusal(match, copy, photo, "--gallery", gallery)

    assert "matcher.onnx is no matcher: expected queries, gallery, k" in line


# Other files that are not what they were


@pytest.mark.parametrize(
    "changes", [{"height": 32}, {"mean": [0, 0, 0]}, {"view": "ground"}], ids=str
)
def test_preprocessing_of_another_network_is_refused(
    copy: Path, refusal: Refusal, photo: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    change_json(copy / "satellite" / "preprocess.json", **changes)
    fit_hashes(copy)
    new = ("--view", "satellite", "--gallery", tmp_path / "new")

    for command, words in ((verify, ()), (embed, (photo, *new))):
        line = refusal(command, copy, *words)
        assert "preprocess.json is not the satellite preprocessing of the network" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON: recursion limit exceeded"),
        ("{}", "embedding_space_id: Field required"),
        ("\ud800", "Invalid JSON"),
    ],
    ids=["empty", "deep", "bare", "not UTF-8"],
)
def test_a_manifest_that_is_none_is_refused(
    copy: Path, refusal: Refusal, text: str, said: str
) -> None:
    (copy / "manifest.json").write_bytes(text.encode(errors="surrogatepass"))

    assert said in refusal(verify, copy)


def test_a_manifest_with_a_key_of_its_own_is_refused(copy: Path, refusal: Refusal) -> None:
    change_json(copy / "manifest.json", comment="by hand")

    assert "manifest.json: comment: Extra inputs are not permitted" in refusal(verify, copy)


def test_a_manifest_that_points_outside_is_refused(
    copy: Path, refusal: Refusal, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("of somebody else")
    record = {"sha256": "0" * 64, "size_bytes": 1}
    change_json(copy / "manifest.json", files={"ground/../../secret": record})

    assert "leaves the bundle" in refusal(verify, copy)


def test_a_truncated_engine_is_found_and_is_no_crash(
    copy: Path, tree: Tree, rtx: tuple[str, ...]
) -> None:
    words = [str(copy), *rtx, "--part", "ground"]
    assert CliRunner().invoke(build, words).exit_code == 0
    (engine,) = (copy / "ground" / "engines").glob("*.engine")
    os.truncate(engine, engine.stat().st_size // 2)
    before = tree(copy)

    result = CliRunner().invoke(verify, [str(copy)])

    assert (result.exit_code, result.stderr) == (1, "")  # it ran, and the answer is no
    assert f"FAULT {engine}: expected" in result.stdout
    assert tree(copy) == before


# Every command that opens a bundle

COMMANDS = ("verify", "build", "embed", "match", "eval", "bench")


@pytest.fixture(params=COMMANDS)
def words_on(
    request: pytest.FixtureRequest, town: Path, photo: Path, gallery: Path, tmp_path: Path
) -> Callable[[Path], tuple[Any, ...]]:
    """Give one command after the other, with the words that make it open a bundle."""
    if request.param == "build":
        request.getfixturevalue("rtx")

    def words(bundle: Path) -> tuple[Any, ...]:
        return {
            "verify": (verify, bundle),
            "build": (build, bundle, "--engine", "tensorrt-rtx"),
            "embed": (embed, bundle, photo, "--view", "ground", "--gallery", tmp_path / "new"),
            "match": (match, bundle, photo, "--gallery", gallery),
            "eval": (evaluate, "--bundle", bundle, "--data", town),
            "bench": (bench, "latency", bundle),
        }[request.param]

    return words


def test_every_command_refuses_a_changed_byte(
    copy: Path, refusal: Refusal, words_on: Callable[[Path], tuple[Any, ...]]
) -> None:
    graph = copy / "satellite" / "model.fp16.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)

    line = refusal(*words_on(copy))

    assert "is damaged: satellite/model.fp16.onnx is not the file that was exported" in line


def test_every_command_refuses_an_empty_folder(
    tmp_path: Path, refusal: Refusal, words_on: Callable[[Path], tuple[Any, ...]]
) -> None:
    (tmp_path / "empty").mkdir()

    assert "is no bundle" in refusal(*words_on(tmp_path / "empty"))
