"""PyTorch to ONNX: dynamo exporter, opset 20, dynamic batch, static height and width."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import onnxslim
import torch
from onnxscript.optimizer import fold_constants

from ..runtime.atomic import file_written_aside
from ..runtime.errors import ArtifactError
from ..runtime.preprocess import View
from ..training.network import CLNet
from .branch import Branch

OPSET = 20
"""The first opset in which LayerNormalization and Gelu are both one operator."""

INPUT, OUTPUT = "images", "embeddings"

MAX_BATCH = 4096
"""Bound of the batch dimension while tracing; engines set their own."""


def export_branch(network: CLNet, view: View) -> onnx.ModelProto:
    """
    Export one branch in FP32.

    Returns:
        A graph `images` [batch, 3, H, W] float32 -> `embeddings` [batch, D] float32, with
        maps, NEC and their normalisation folded to constants, checked by onnx.

    Raises:
        ArtifactError: the exporter or the checker refuses the network.

    """
    branch = Branch(network, view).eval()
    size = network.config.preprocess(view)
    images = torch.zeros(2, 3, size.height, size.width)
    batch = torch.export.Dim("batch", max=MAX_BATCH)
    try:
        with _quiet():
            program = torch.onnx.export(
                branch,
                (images,),
                dynamo=True,
                opset_version=OPSET,
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_shapes=({0: batch},),
                verbose=False,
                optimize=False,  # onnxscript's rewriter takes the L2 norm's "+ 1e-12" for "+ 0"
            )
            assert program is not None
            fold_constants(program.model)
            graph = onnxslim.slim(program.model_proto)
    except (RuntimeError, torch.onnx.OnnxExporterError) as error:
        raise ArtifactError(f"cannot export the {view} branch: {error}") from error
    assert isinstance(graph, onnx.ModelProto)
    check(graph, f"{view} branch")
    return graph


def check(graph: onnx.ModelProto, name: str) -> None:
    """
    Run onnx's checker with shape and type inference.

    Raises:
        ArtifactError: the graph is not valid.

    """
    try:
        onnx.checker.check_model(graph, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ArtifactError(f"{name}: onnx refuses the graph: {error}") from error


def save(graph: onnx.ModelProto, path: Path) -> None:
    """Write one self-contained file, aside and renamed."""
    with file_written_aside(path) as aside:
        aside.write_bytes(graph.SerializeToString())


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter's notes on its own deprecations are nobody's business here."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
