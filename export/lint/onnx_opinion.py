"""
What onnx itself says: its checker, and its shape inference.

In a process of its own (onnx_worker.py): both are C++, and graphs wired at random crash them.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx

from ...engines.apart import run_apart
from ...runtime.artifact import Artifact
from .order import in_order
from .source import Source

DECLARED, COMPUTED, TYPED, ANSWER = "declared.onnx", "computed.onnx", "typed.onnx", "answer.json"

TIMEOUT_S = 120.0
"""350 MB take two seconds."""

_LEAN_BYTES = 4096
"""Inference reads weights that are shapes or axes; larger ones are none."""


class Verdicts(Artifact):
    """What the process answers, beside the graphs that it could infer."""

    checker: str | None
    """What the checker says against the file, on one line."""

    inference: str | None
    """What strict inference says against the graph, on one line."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What onnx says, and the types it infers. Its graphs lack large weights."""

    verdicts: Verdicts
    """Its refusals."""

    typed: onnx.ModelProto
    """Typed by declaration and inference; by declaration alone where onnx crashes."""

    computed: onnx.ModelProto | None = None
    """Typed by inputs and operators alone, whatever the file declares; None if they do not fit."""


def ask_onnx(source: Source) -> Opinion:
    """Ask for an opinion; a crash is one, too."""
    lean = lean_copy(source.model)
    with tempfile.TemporaryDirectory(prefix="clnet-lint-") as name:
        folder = Path(name)
        (folder / DECLARED).write_bytes(lean.SerializeToString())
        arguments = [str(source.path.resolve()), name]
        death = run_apart("clnet.export.lint.onnx_worker", arguments, folder, TIMEOUT_S)
        if death is not None:
            return Opinion(Verdicts(checker=f"onnx itself {death}", inference=None), lean)
        typed, computed = (_read(folder / one) for one in (TYPED, COMPUTED))
        return Opinion(Verdicts.read(folder / ANSWER), typed or lean, computed)


def lean_copy(model: onnx.ModelProto) -> onnx.ModelProto:
    """Copy a model, sorted, without its large weights: inference needs their shapes alone."""
    lean = onnx.ModelProto(ir_version=model.ir_version)
    lean.opset_import.extend(model.opset_import)
    lean.functions.extend(model.functions)
    lean.graph.node.extend(in_order(model.graph.node))
    for field in ("input", "output", "value_info", "sparse_initializer"):
        getattr(lean.graph, field).extend(getattr(model.graph, field))
    lean.graph.name = model.graph.name
    for weight in model.graph.initializer:
        copy = lean.graph.initializer.add()
        if weight.ByteSize() <= _LEAN_BYTES:
            copy.CopyFrom(weight)
        else:
            copy.name, copy.data_type = weight.name, weight.data_type
            copy.dims.extend(weight.dims)
    return lean


def _read(path: Path) -> onnx.ModelProto | None:
    return onnx.ModelProto.FromString(path.read_bytes()) if path.is_file() else None
