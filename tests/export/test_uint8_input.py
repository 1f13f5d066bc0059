"""Graphs that take pixels: the same embeddings, a quarter of the bytes, every GPU."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx

from clnet.export.bundle_writer import export_bundle
from clnet.export.calibration_images import training_images
from clnet.export.gate.images import held_out_images
from clnet.export.graph import save
from clnet.export.graph_certificate import Certificate
from clnet.export.half_simulation import simulate_half
from clnet.export.uint8_input import with_uint8_input
from clnet.runtime import Bundle
from clnet.runtime.bundle import Manifest
from clnet.runtime.errors import ArtifactError, ShapeError
from clnet.runtime.images import read_image
from clnet.runtime.onnxruntime_backend import OnnxRuntimeBackend
from clnet.runtime.preprocess import VIEWS, View
from clnet.training.checkpoint import load_checkpoint

pytestmark = pytest.mark.slow

Images = NDArray[np.uint8]


@pytest.fixture(scope="module")
def raw_bundle(run: Path, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle of the shared run, with uint8 inputs."""
    folder = tmp_path_factory.mktemp("raw") / "bundle"
    export_bundle(
        load_checkpoint(run),
        folder,
        "fp16",
        held_out_images(town, "cvusa"),
        calibration=training_images(town, "cvusa"),
        input_type="uint8",
    )
    return Bundle.open(folder)


def tiles(bundle: Bundle, town: Path, view: View) -> Images:
    fit = bundle.preprocess(view).fit
    return np.stack([fit(read_image(path)) for path in held_out_images(town, "cvusa").of(view)])


@pytest.mark.parametrize("view", VIEWS)
def test_fp32_embeddings_of_pixels_and_of_numbers_are_equal_to_1e_6(
    bundle: Path, raw_bundle: Bundle, town: Path, view: View
) -> None:
    images = tiles(raw_bundle, town, view)
    opened = (Bundle.open(bundle), raw_bundle)

    floats, pixels = (
        OnnxRuntimeBackend(one.graph(view, "fp32"), one.preprocess(view)).embed(images)
        for one in opened
    )

    np.testing.assert_allclose(pixels, floats, atol=1e-6)


@pytest.mark.parametrize("view", VIEWS)
def test_fp16_embeddings_of_pixels_and_of_numbers_agree_as_really_rounded(
    raw_bundle: Bundle, bundle: Path, town: Path, tmp_path: Path, view: View
) -> None:
    images = tiles(raw_bundle, town, view)
    embedded = []
    for name, one in (("floats", Bundle.open(bundle)), ("pixels", raw_bundle)):
        save(simulate_half(onnx.load(one.graph(view, "fp16"))), tmp_path / f"{name}.onnx")
        with OnnxRuntimeBackend(tmp_path / f"{name}.onnx", one.preprocess(view)) as backend:
            embedded.append(backend.embed(images))

    assert np.einsum("nd,nd->n", *embedded).min() > 0.999999


def test_both_graphs_of_both_views_take_pixels(raw_bundle: Bundle) -> None:
    for view in VIEWS:
        size = raw_bundle.preprocess(view)
        for precision in ("fp32", "fp16"):
            graph = onnx.load(raw_bundle.graph(view, precision)).graph  # type: ignore[arg-type]
            kind = graph.input[0].type.tensor_type
            shape = [axis.dim_value for axis in kind.shape.dim][1:]
            assert kind.elem_type == onnx.TensorProto.UINT8
            assert shape == [size.height, size.width, 3]


def test_pixels_and_numbers_share_one_embedding_space(bundle: Path, raw_bundle: Bundle) -> None:
    other = Bundle.open(bundle).manifest

    assert (raw_bundle.manifest.input, other.input) == ("uint8", "float32")
    assert raw_bundle.manifest.embedding_space_id == other.embedding_space_id


def test_a_manifest_from_before_is_one_of_numbers(bundle: Path, tmp_path: Path) -> None:
    text = (bundle / "manifest.json").read_text().replace('  "input": "float32",\n', "")
    assert '"input"' not in text
    (tmp_path / "manifest.json").write_text(text)

    assert Manifest.read(tmp_path / "manifest.json").input == "float32"


def test_normalisation_is_in_fp32_before_one_cast_to_half(raw_bundle: Bundle) -> None:
    nodes = list(onnx.load(raw_bundle.graph("satellite", "fp16")).graph.node)

    assert [node.op_type for node in nodes[:5]] == ["Cast", "Transpose", "Mul", "Sub", "Cast"]
    assert sum(node.op_type == "Cast" for node in nodes) == 3
    certificate = Certificate.read(raw_bundle.path / "certificate.json")
    half = next(one for one in certificate.graphs if one.graph == "satellite/model.fp16.onnx")
    assert half.islands[0].nodes == tuple(node.name for node in nodes[:4])
    assert half.islands[0].reasons[0].kind == "rule"
    assert half.calibration is not None
    assert half.calibration.source == "training places"


def test_wrapping_leaves_the_graph_as_it_was(bundle: Path) -> None:
    opened = Bundle.open(bundle)
    model = onnx.load(opened.graph("ground", "fp32"))
    before = model.SerializeToString()
    with_uint8_input(model, opened.preprocess("ground"))

    assert model.SerializeToString() == before


def test_pixels_of_another_size_or_type_are_refused(raw_bundle: Bundle) -> None:
    size = raw_bundle.preprocess("ground")
    backend = OnnxRuntimeBackend(raw_bundle.graph("ground", "fp32"), size)

    with pytest.raises(ShapeError, match="ground images"):
        backend.embed(np.zeros((2, size.height, size.width + 1, 3), np.uint8))
    with pytest.raises(ShapeError, match="ground images"):
        backend.embed(np.zeros((2, size.height, size.width, 3), np.float32))  # type: ignore[arg-type]


def test_a_graph_of_pixels_of_another_size_is_refused(raw_bundle: Bundle) -> None:
    other = raw_bundle.preprocess("satellite")

    with pytest.raises(ArtifactError, match=r"or uint8 \[B, 64, 64, 3\], got"):
        OnnxRuntimeBackend(raw_bundle.graph("ground", "fp32"), other)


def test_tensorrt_rtx_builds_half_graphs_of_pixels_for_every_gpu(
    raw_bundle: Bundle, tmp_path: Path
) -> None:
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")
    from clnet.engines import BranchContract, build_engine

    size = raw_bundle.preprocess("ground")
    promised = BranchContract(
        height=size.height, width=size.width, embedding_dim=raw_bundle.manifest.embedding_dim
    )
    record = build_engine(
        raw_bundle.graph("ground", "fp16"),
        tmp_path,
        part="ground",
        precision="fp16",
        flavour="tensorrt-rtx",
        contract=promised,
    )

    assert record.left_out == {}
    assert len(record.capabilities) == 6
    assert [tensor.dtype for tensor in record.inputs] == ["uint8"]
