"""
The gate: an export is compared with PyTorch on real images before anyone may have it.

The export's side takes the road a user takes: the bundle's own preprocess.json, image files,
the runtime's backend. So a wrong mean, swapped channels or swapped branches show, too. FP16
graphs run as their rounding twins (half_simulation.py says why).
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray

from ..runtime.artifact import Artifact
from ..runtime.bundle import Precision
from ..runtime.embedder import embed_every
from ..runtime.errors import EmbeddingError
from ..runtime.onnxruntime_backend import OnnxRuntimeBackend
from ..runtime.preprocess import VIEWS, Preprocess, View
from ..runtime.progress import Progress, silent
from ..runtime.sources import Item
from ..training.evaluation import embed_view
from ..training.network import CLNet
from ..training.pairs import ViewImages
from .gate_images import GateImages
from .graph import save
from .half_simulation import simulate_half
from .parity import EmbeddingParity, compare
from .retrieval import RetrievalParity, compare_retrieval
from .weights_parity import weight_faults

Embeddings = NDArray[np.float32]


class ParityReport(Artifact):
    """What the gate measured; `faults` is empty if and only if it passed."""

    images: Literal["held-out places", "folders", "noise"]
    """What was looked at."""

    images_sha256: str
    """Hash of those files."""

    embeddings: tuple[EmbeddingParity, ...]
    """One a view and precision."""

    retrieval: tuple[RetrievalParity, ...]
    """One a precision; empty where the images are no pairs."""

    faults: tuple[str, ...]
    """Every limit that was passed, one sentence each."""

    def embedding(self, precision: Precision) -> tuple[EmbeddingParity, ...]:
        """Return both views' parity at one precision."""
        return tuple(one for one in self.embeddings if one.precision == precision)


def run_gate(
    network: CLNet,
    folder: Path,
    precisions: Sequence[Precision],
    images: GateImages,
    progress: Progress = silent,
) -> ParityReport:
    """
    Compare the graphs of a bundle's folder with the network they came from.

    Args:
        network: the PyTorch reference, in evaluation mode.
        folder: holds `<view>/model.<precision>.onnx` and `<view>/preprocess.json`.
        precisions: the graphs to compare.
        images: what to compare on.
        progress: told about every image.

    Raises:
        DataError: an image cannot be read.
        ArtifactError: a graph does not load.

    """
    reference = {view: _reference(network, view, images, progress) for view in VIEWS}
    embeddings: list[EmbeddingParity] = []
    retrieval: list[RetrievalParity] = []
    faults: list[str] = []
    for precision in precisions:
        try:
            exported = {
                view: _exported(folder, view, precision, images, progress) for view in VIEWS
            }
        except EmbeddingError as error:
            faults.append(f"{precision}: {error}")
            continue
        embeddings += [compare(v, precision, reference[v], exported[v]) for v in VIEWS]
        if images.paired:
            pairs = [(side["ground"], side["satellite"]) for side in (reference, exported)]
            retrieval.append(compare_retrieval(precision, *pairs))
    if "fp16" in precisions:
        faults += [fault for view in VIEWS for fault in _weight_faults(folder, view)]
    faults += [fault for parity in embeddings for fault in parity.faults()]
    faults += [fault for parity in retrieval for fault in parity.faults()]
    return ParityReport(
        images=images.source,
        images_sha256=images.sha256(),
        embeddings=tuple(embeddings),
        retrieval=tuple(retrieval),
        faults=tuple(faults),
    )


def _reference(network: CLNet, view: View, images: GateImages, progress: Progress) -> Embeddings:
    loaded = ViewImages(images.of(view), network.config.preprocess(view))
    return embed_view(network, loaded, progress=progress)


def _exported(
    folder: Path, view: View, precision: Precision, images: GateImages, progress: Progress
) -> Embeddings:
    preprocess = Preprocess.read(folder / view / "preprocess.json")
    items = [Item(str(row), path) for row, path in enumerate(images.of(view))]
    with TemporaryDirectory() as scratch:
        graph = folder / view / f"model.{precision}.onnx"
        if precision == "fp16":
            twin = simulate_half(onnx.load(graph))
            graph = Path(scratch) / graph.name
            save(twin, graph)
        with OnnxRuntimeBackend(graph, preprocess) as backend:
            return embed_every(backend, items, progress=progress)


def _weight_faults(folder: Path, view: View) -> list[str]:
    full, half = (onnx.load(folder / view / f"model.{p}.onnx") for p in ("fp32", "fp16"))
    return [f"{view} {fault}" for fault in weight_faults(full, half)]
