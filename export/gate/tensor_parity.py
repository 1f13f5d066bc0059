"""Tensors inside an exported graph against the same tensors of a trusted one."""

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PlainSerializer

from ...runtime.artifact import Artifact
from ...runtime.bundle import Precision
from ...runtime.preprocess import View

if TYPE_CHECKING:  # records are read where onnx is not installed
    from .partial_graph import PartialGraph, Tensor, Tensors

TENSOR_LIMITS: dict[Precision, float] = {"fp32": 1e-4, "fp16": 0.1}
"""
Largest relative error of a tensor. FP32 is compared with a fresh export of the same network:
equal nodes give equal bits, another machine's folded constants 1e-6. FP16 loses 3e-4 a rounding
and 1e-2 over a deep network; what it may do to embeddings, their own level says.
"""

SMALLEST_RMS = 2.0**-14
"""Half's smallest normal number. A tensor below it is compared with it: half keeps an absolute,
no relative error there (a fresh layer scale of 1e-6 puts whole tensors there)."""

RECORDED = 5
"""Nodes that a report lists."""

TENSORS_AT_ONCE = 8
"""Tensors of either graph that are held together: ConvNeXt-Tiny's largest is 14 MB an image."""

RelativeError = Annotated[
    float,
    Field(ge=0),
    PlainSerializer(lambda one: one if math.isfinite(one) else "inf", when_used="json"),
]
"""A tensor that holds an infinity or NaN is infinitely wrong: the string "inf" in JSON."""


class TensorError(Artifact):
    """How wrong one tensor is."""

    tensor: str
    """Its name, the same in both graphs."""

    node: str
    """The trusted graph's node that writes it."""

    op_type: str
    """That node's operator."""

    relative_error: RelativeError
    """See `relative_error`."""


class TensorParity(Artifact):
    """How wrong a graph's tensors are, on the images that it embeds worst."""

    view: View
    """The branch."""

    precision: Precision
    """The graph."""

    images: int
    """How many were looked at."""

    compared: NonNegativeInt
    """Tensors that both graphs hold."""

    of: NonNegativeInt
    """Tensors of the trusted graph. Another exporter's names may leave nothing to compare."""

    worst: tuple[TensorError, ...]
    """The worst tensors, the worst first; at most `RECORDED`."""

    def faults(self) -> list[str]:
        """Say which tensor passes the limit of this precision, if one does."""
        limit = TENSOR_LIMITS[self.precision]
        return [
            f"tensor level: {self.view} {self.precision}: {one.tensor}, written by {one.node} "
            f"({one.op_type}), " + _excess(one.relative_error, limit)
            for one in self.worst[:1]
            if one.relative_error > limit
        ]


def relative_error(trusted: "Tensor", found: "Tensor") -> float:
    """
    Compare two tensors: ‖a - b‖ / ‖a‖ over all elements.

    Args:
        trusted: a. If its root mean square is below `SMALLEST_RMS`, that takes its place.
        found: b.

    Returns:
        0 or more. Infinity if either holds a number that is not finite, or shapes differ.

    """
    if trusted.shape != found.shape:
        return math.inf
    a, b = (np.asarray(one, np.float32).ravel() for one in (trusted, found))
    with np.errstate(invalid="ignore"):  # inf - inf
        wrong = _length(a - b)
    length = max(_length(a), SMALLEST_RMS * math.sqrt(a.size))
    return wrong / length if math.isfinite(wrong) and math.isfinite(length) else math.inf


def tensor_errors(
    trusted: "PartialGraph", exported: "PartialGraph", given: "tuple[Tensors, Tensors]"
) -> list[TensorError]:
    """
    Compare every tensor that two graphs share by name, each graph fed by its own tensors.

    Equal graphs have no errors, and are not run to see it.

    Args:
        trusted: what is right.
        exported: what is looked at.
        given: the input of each.

    Returns:
        One a tensor, in the trusted graph's order: an error is listed where it first shows.

    """
    writers = {name: node for node in trusted.nodes for name in node.output if name}
    shared = [name for name in writers if exported.writes(name)]
    if exported.equals(trusted):
        found = dict.fromkeys(shared, 0.0)
    else:
        found = _walked(trusted, exported, given, shared)
    return [
        TensorError(
            tensor=name,
            node=writers[name].name,
            op_type=writers[name].op_type,
            relative_error=error,
        )
        for name, error in found.items()
    ]


def _walked(
    trusted: "PartialGraph",
    exported: "PartialGraph",
    given: "tuple[Tensors, Tensors]",
    shared: Sequence[str],
) -> dict[str, float]:
    """Run both graphs side by side."""
    groups = [shared[i : i + TENSORS_AT_ONCE] for i in range(0, len(shared), TENSORS_AT_ONCE)]
    walks = (graph.walk(one, groups) for graph, one in zip((trusted, exported), given, strict=True))
    return {
        name: relative_error(a[name], b[name]) for a, b in zip(*walks, strict=True) for name in a
    }


def summarise(
    view: View,
    precision: Precision,
    images: int,
    errors: Sequence[TensorError],
    tensors: int,
    unlisted: Collection[str] = (),
) -> TensorParity:
    """
    Keep the worst errors, the earliest first where they are equal.

    Args:
        view: the branch.
        precision: the graph.
        images: how many were looked at.
        errors: of `tensor_errors`.
        tensors: how many the trusted graph has.
        unlisted: operators as wrong as what they read: they count, but are no news.

    """
    listed = [one for one in errors if one.op_type not in unlisted]
    worst = sorted(listed, key=lambda one: -one.relative_error)[:RECORDED]
    return TensorParity(
        view=view,
        precision=precision,
        images=images,
        compared=len(errors),
        of=tensors,
        worst=tuple(worst),
    )


def _length(vector: NDArray[np.floating[Any]]) -> float:
    """Euclidean length; float64 only where squares leave float32, which is three times faster."""
    with np.errstate(over="ignore", invalid="ignore"):
        squared = float(np.dot(vector, vector))
        if not math.isfinite(squared):
            squared = float(np.square(vector, dtype=np.float64).sum())
    return math.sqrt(squared) if squared >= 0 else math.nan


def _excess(error: float, limit: float) -> str:
    if math.isinf(error):
        return "holds an infinity or NaN"
    return f"has a relative error of {error:.2e} > {limit}"
