"""What TensorRT does not compile for a GPU, or for any."""

from collections.abc import Iterator

import onnx

from ...runtime.engine.config import MAX_K
from .finding import Finding
from .scope import BFLOAT16, FLOAT, Scope
from .subject import Subject

PRODUCTS = ("Einsum", "GRU", "Gemm", "LSTM", "MatMul", "RNN")
"""Operators that TensorRT-RTX 1.7.1 refuses in FP32 for SM75, tried one by one; Conv and
ConvTranspose are compiled."""


def float_product(subject: Subject) -> Iterator[Finding]:
    """Find FP32 matrix products, which close the door on Turing (SM75, compute capability 7.5)."""
    found = [
        (scope, node) for scope, node in _nodes(subject, PRODUCTS) if _reads(scope, node, FLOAT)
    ]
    if found:
        scope, first = found[0]
        yield Finding(
            rule="float-product",
            severity="advice",
            where=scope.name_of(first),
            what=f"a matrix product in FP32, the first of {len(found)}: TensorRT-RTX builds no "
            "engine for Turing (7.5) then",
            remedy="Nothing to do for GPUs of 8.0 and later; for Turing, have these in half",
        )


def bfloat16(subject: Subject) -> Iterator[Finding]:
    """Find bf16 tensors."""
    for scope in subject.scopes:
        for node in scope.nodes:
            if any(scope.kind(name).dtype == BFLOAT16 for name in node.output):
                yield Finding(
                    rule="bfloat16",
                    severity="warning",
                    where=scope.name_of(node),
                    what="writes bf16: TensorRT-RTX builds no engine for Turing (7.5) then, and "
                    "ONNX Runtime's CPU provider has no bf16 convolution",
                    remedy="Export in FP32 or FP16; bf16 is a backend's option (OpenVINO), not a "
                    "graph's",
                )
                return


def top_k_limit(subject: Subject) -> Iterator[Finding]:
    """Find a TopK beyond TensorRT's limit."""
    for scope, node in _nodes(subject, ("TopK",)):
        k = scope.scalar(node.input[1]) if len(node.input) > 1 else None
        k = next((float(one.i) for one in node.attribute if one.name == "k"), k)
        if k is not None and k > MAX_K:
            yield Finding(
                rule="top-k-limit",
                severity="error",
                where=scope.name_of(node),
                what=f"K is {k:.0f}: TensorRT compiles up to {MAX_K}",
                remedy="Ask for fewer, or take the top K of chunks and merge them",
            )


def _nodes(subject: Subject, operators: tuple[str, ...]) -> Iterator[tuple[Scope, onnx.NodeProto]]:
    for scope in subject.scopes:
        yield from ((scope, node) for node in scope.nodes if node.op_type in operators)


def _reads(scope: Scope, node: onnx.NodeProto, dtype: int) -> bool:
    varying = [name for name in node.input if name and not scope.is_constant(name)]
    return any(scope.kind(name).dtype == dtype for name in varying)
