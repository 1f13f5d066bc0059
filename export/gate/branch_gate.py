"""The gate on one graph: embeddings, weights and tensors, and who is to blame."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from ...runtime.errors import EmbeddingError
from ...runtime.progress import Progress, silent
from .gated_graph import Embeddings, GatedGraph
from .inspection import Inspection
from .node_blame import NodeBlame
from .parity import EmbeddingParity, compare
from .tensor_parity import TensorParity
from .trusted_graphs import TrustedGraphs

TENSOR_IMAGES = 2
"""Images whose tensors are compared: those that the graph embeds worst. Two show whether an
error is one image's; each costs the memory of eight of its tensors, twice."""


@dataclass(frozen=True, slots=True)
class BranchFindings:
    """What the gate found on one graph."""

    embeddings: Embeddings | None
    """[N, D] float32; None if the graph gives no unit vectors."""

    parity: EmbeddingParity | None
    """None if there are no embeddings."""

    tensors: TensorParity
    """Of the images that it embeds worst."""

    faults: tuple[str, ...]
    """Every limit that was passed, then the nodes to blame; empty if the graph passed."""

    blame: tuple[NodeBlame, ...]
    """The same nodes as data."""


def gate_branch(
    graph: GatedGraph,
    trusted: TrustedGraphs,
    full: onnx.ModelProto,
    reference: Embeddings,
    images: tuple[Path, ...],
    progress: Progress = silent,
) -> BranchFindings:
    """
    Look at one graph.

    Args:
        graph: the graph under test.
        trusted: what its nodes are compared with.
        full: the bundle's FP32 graph of this branch.
        reference: [N, D] float32, PyTorch's embeddings of the images.
        images: N files.
        progress: told about every image.

    Raises:
        DataError: an image cannot be read.
        ArtifactError: the graph does not load.

    """
    embeddings, parity, faults = None, None, []
    try:
        embeddings = graph.embed(images, progress)
        parity = compare(graph.view, graph.precision, reference, embeddings)
        faults += parity.faults()
        cosines = np.einsum("nd,nd->n", reference, embeddings)
        worst = tuple(images[row] for row in np.argsort(cosines, kind="stable")[:TENSOR_IMAGES])
    except EmbeddingError as error:
        faults.append(f"embedding level: {graph.view} {graph.precision}: {error}")
        worst = graph.refused(images, TENSOR_IMAGES) or images[:TENSOR_IMAGES]
    inspection = Inspection(graph, trusted, full, worst)
    faults += inspection.faults()
    blame, advice = inspection.blame() if faults else ((), "")
    faults += [one.sentence for one in blame] or ([advice] if advice else [])
    return BranchFindings(embeddings, parity, inspection.tensors, tuple(faults), blame)
