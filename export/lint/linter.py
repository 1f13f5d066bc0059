"""All rules, over one file."""

from collections.abc import Callable, Iterable
from pathlib import Path

from ...runtime.errors import ArtifactError
from .axes import dynamic_axes, fixed_batch
from .capability import bfloat16, float_product, top_k_limit
from .casts import cancelling_casts, many_casts
from .clutter import shape_clutter, unfolded_constants
from .eps import eps_dies_in_half
from .finding import SEVERITIES, Finding, LintReport
from .gelu import decomposed_gelu
from .layer_norm import decomposed_layer_norm
from .onnx_opinion import ask_onnx
from .parser import ask_parser, reason_not_to_ask
from .scope import nodes_of
from .shapes import shape_inference, shape_lies
from .source import read_source
from .structure import checker, duplicate_node_name, external_weights, file_size
from .subject import Subject, take_apart
from .versions import foreign_operator, ir_version, opset
from .weights import weights

Rule = Callable[[Subject], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    checker,
    shape_inference,
    shape_lies,
    external_weights,
    file_size,
    opset,
    ir_version,
    foreign_operator,
    duplicate_node_name,
    weights,
    decomposed_layer_norm,
    decomposed_gelu,
    eps_dies_in_half,
    cancelling_casts,
    many_casts,
    shape_clutter,
    unfolded_constants,
    dynamic_axes,
    fixed_batch,
    float_product,
    bfloat16,
    top_k_limit,
)
"""Every rule but the parser's; within one severity, findings come in this order."""

MAX_NODES = 200_000
"""Nodes in a file; a language model of 100 layers has some 30,000."""


def apply_rules(subject: Subject) -> list[Finding]:
    """Apply every rule; nothing here leaves Python, so no graph can crash it."""
    return [finding for rule in RULES for finding in rule(subject)]


def lint(path: Path, *, parser: bool = True) -> LintReport:
    """
    Look for faults in an ONNX file, own or foreign. It is read, never run.

    Args:
        path: the file; weights in files beside it are read, elsewhere they are refused.
        parser: ask TensorRT-RTX's parser, where that is installed (in a process of its own).

    Raises:
        ArtifactError: the file cannot be read as ONNX at all, or is beyond the limits (2 GiB,
            200,000 nodes).
        BackendUnavailable: TensorRT-RTX is there, but cannot be loaded.

    """
    source = read_source(path)
    nodes = sum(1 for _ in nodes_of(source.model))
    if nodes > MAX_NODES:
        raise ArtifactError(f"{path}: expected at most {MAX_NODES} nodes, got {nodes}")
    subject = take_apart(source, ask_onnx(source))
    findings = apply_rules(subject)
    reason = reason_not_to_ask(source) if parser else "tensorrt-rtx-parser: not wanted"
    if reason is None:
        findings += ask_parser(source)
    return LintReport(
        file=str(path),
        sha256=source.sha256,
        size_bytes=source.size_bytes,
        producer=f"{source.model.producer_name} {source.model.producer_version}".strip(),
        ir_version=source.model.ir_version,
        opset=source.opset,
        nodes=nodes,
        not_asked=() if reason is None else (reason,),
        findings=tuple(sorted(findings, key=lambda one: SEVERITIES.index(one.severity))),
    )
