"""
The gate: an export is compared with PyTorch on real images before anyone may have it.

The export's side takes the road a user takes: the bundle's own preprocess.json, image files,
the runtime's backend. So a wrong mean, swapped channels or swapped branches show, too. FP16
graphs run as their rounding twins (half_simulation.py says why). Three levels look at it:
tensors and weights inside each graph, its embeddings, and the retrieval by both branches.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import onnx

from ...runtime.bundle import Precision
from ...runtime.embeddings import check_unit
from ...runtime.errors import EmbeddingError
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ...training.evaluation import embed_images
from ...training.network import CLNet
from .branch_gate import BranchFindings, gate_branch
from .gated_graph import Embeddings, GatedGraph
from .images import GateImages
from .parity_report import ParityReport
from .retrieval import RetrievalParity, compare_retrieval, rank
from .trusted_graphs import TrustedGraphs, fresh_graphs

Findings = dict[tuple[View, Precision], BranchFindings]


def run_gate(
    network: CLNet,
    folder: Path,
    precisions: Sequence[Precision],
    images: GateImages,
    progress: Progress = silent,
    *,
    trusted: TrustedGraphs | None = None,
) -> ParityReport:
    """
    Compare the graphs of a bundle's folder with the network they came from.

    Args:
        network: the PyTorch reference, in evaluation mode.
        folder: holds `<view>/model.<precision>.onnx` and `<view>/preprocess.json`, FP32 always.
        precisions: the graphs to compare.
        images: what to compare on.
        progress: told about every image.
        trusted: what nodes are compared with; None exports the network anew.

    Raises:
        DataError: an image cannot be read.
        ArtifactError: a graph does not load.
        EmbeddingError: PyTorch's own embeddings are no unit vectors, or have collapsed.

    """
    trusted = trusted or fresh_graphs(network)
    reference = {view: _reference(network, view, images, progress) for view in VIEWS}
    full = {view: onnx.load(folder / view / "model.fp32.onnx") for view in VIEWS}
    found: Findings = {}
    for precision, view in product(precisions, VIEWS):
        graph = GatedGraph(folder, view, precision)
        found[view, precision] = gate_branch(
            graph, trusted, full[view], reference[view], images.of(view), progress
        )
    faults = [fault for one in found.values() for fault in one.faults]
    retrieval: list[RetrievalParity] = []
    if images.paired:
        retrieval, lost = _retrieval(reference, found, precisions)
        faults += lost
    return ParityReport(
        images=images.source,
        images_sha256=images.sha256(),
        trusted=trusted.origin,
        tensors=tuple(one.tensors for one in found.values()),
        embeddings=tuple(one.parity for one in found.values() if one.parity is not None),
        retrieval=tuple(retrieval),
        faults=tuple(faults),
        blame=tuple(node for one in found.values() for node in one.blame),
    )


def _reference(network: CLNet, view: View, images: GateImages, progress: Progress) -> Embeddings:
    embeddings = embed_images(network, images.of(view), view, progress=progress)
    check_unit(f"{view} embeddings by PyTorch", embeddings)
    return embeddings


def _retrieval(
    reference: Mapping[View, Embeddings], found: Findings, precisions: Sequence[Precision]
) -> tuple[list[RetrievalParity], list[str]]:
    """Rank queries of each precision on galleries of each."""
    before = rank(reference["ground"], reference["satellite"])
    measured: list[RetrievalParity] = []
    faults: list[str] = []
    for pair in product(precisions, precisions):
        queries, gallery = (
            found[view, one].embeddings for view, one in zip(VIEWS, pair, strict=True)
        )
        if queries is None or gallery is None:
            continue  # a fault already
        try:
            measured.append(compare_retrieval(pair, before, rank(queries, gallery)))
        except EmbeddingError as error:
            faults.append(f"retrieval level: {' on '.join(pair)}: {error}")
    return measured, faults + [fault for one in measured for fault in one.faults()]
