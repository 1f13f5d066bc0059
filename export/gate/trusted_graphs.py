"""The FP32 graphs that exported ones are compared with, node by node."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

import onnx

from ...runtime.bundle import Bundle
from ...runtime.preprocess import VIEWS, View
from ...training.network import CLNet
from ..graph import export_branch

EXPORTERS = ("clnet", "torch", "timm", "onnx", "onnxscript", "onnxslim")
"""Packages that decide how an exported graph names its nodes."""


@dataclass(frozen=True, slots=True)
class TrustedGraphs:
    """One FP32 graph a view."""

    graphs: Mapping[View, onnx.ModelProto]
    """Their nodes and tensors are named as those of the graphs under test."""

    origin: str = "a fresh export of the checkpoint"
    """What they are, as a sentence names them."""


def fresh_graphs(network: CLNet) -> TrustedGraphs:
    """Export both branches anew; the same packages give the same names and numbers."""
    return TrustedGraphs({view: export_branch(network, view) for view in VIEWS})


def trusted_graphs(bundle: Bundle, network: CLNet) -> TrustedGraphs:
    """
    Choose what a bundle's nodes can be compared with here.

    Returns:
        A fresh export if the packages are those that wrote the bundle. Others may name nodes
        otherwise: then the bundle's own FP32 graphs, whose embeddings alone are compared with
        the network; `origin` says so.

    """
    written_by = bundle.manifest.versions
    other = [name for name in EXPORTERS if written_by.get(name) != version(name)]
    if not other:
        return fresh_graphs(network)
    graphs = {view: onnx.load(bundle.graph(view, "fp32")) for view in VIEWS}
    reason = f"{other[0]} {written_by.get(other[0])} wrote it, here is {version(other[0])}"
    return TrustedGraphs(graphs, f"the bundle's own FP32 graph ({reason})")
