"""Weights in other files: a foreign graph may name any path, and gets none outside its folder."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import onnx
from onnx import TensorProto

from .finding import Finding
from .scope import graphs_of, nodes_of

MAX_BYTES = 2**31 - 1
"""All such weights together: as much as one file could hold."""


def load_external(model: onnx.ModelProto, folder: Path) -> tuple[list[Finding], bool]:
    """
    Put weights that lie beside the file into the model.

    Args:
        model: changed in place.
        folder: nothing outside it is opened.

    Returns:
        What is wrong (a tensor at fault stays as it is), and whether any tensor was external.

    """
    findings: list[Finding] = []
    budget = MAX_BYTES
    named = [one for one in tensors_of(model) if one[1].data_location == TensorProto.EXTERNAL]
    for name, tensor in named:
        try:
            data = _read(tensor, folder.resolve(), budget)
        except (OSError, ValueError) as error:
            findings.append(_finding(name, str(error)))
            continue
        budget -= len(data)
        tensor.raw_data = data
        tensor.data_location = TensorProto.DEFAULT
        del tensor.external_data[:]
    return findings, bool(named)


def tensors_of(model: onnx.ModelProto) -> Iterator[tuple[str, onnx.TensorProto]]:
    """Yield every tensor of a model with its name; a Constant's goes by what the node makes."""
    for graph in graphs_of(model):
        yield from ((tensor.name, tensor) for tensor in graph.initializer)
    for node in nodes_of(model):
        name = next(iter(node.output), node.name)
        for attribute in node.attribute:
            held = [attribute.t] if attribute.HasField("t") else []
            yield from ((name, tensor) for tensor in (*held, *attribute.tensors))


def _read(tensor: onnx.TensorProto, folder: Path, budget: int) -> bytes:
    entries = {entry.key: entry.value for entry in tensor.external_data}
    path = _inside(folder, entries.get("location", ""))
    size = path.stat().st_size
    offset = int(entries.get("offset", 0))
    length = int(entries.get("length", size - offset))
    if offset < 0 or length < 0 or offset + length > size:
        raise ValueError(f"bytes {offset} to {offset + length} of {path.name}, which has {size}")
    if length > budget:
        raise ValueError(f"weights in other files exceed {MAX_BYTES} bytes in all")
    with path.open("rb") as stream:
        stream.seek(offset)
        return stream.read(length)


def _inside(folder: Path, location: str) -> Path:
    relative = PurePosixPath(location)
    path = (folder / relative).resolve()
    if not location or relative.is_absolute() or not path.is_relative_to(folder):
        raise ValueError(f"location {location!r} is outside the graph's folder: not opened")
    if not path.is_file():
        raise ValueError(f"location {location!r}: no such file beside the graph")
    return path


def _finding(name: str, what: str) -> Finding:
    return Finding(
        rule="external-data",
        severity="error",
        where=f"tensor {name}",
        what=f"its weights cannot be read: {what}",
        remedy="Save the model as one file: onnx.save(model, path)",
    )
