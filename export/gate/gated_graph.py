"""One graph of a bundle, run as a user runs it: its own preprocessing, the runtime's backend."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray

from ...runtime.bundle import Precision
from ...runtime.embedder import embed_every
from ...runtime.errors import EmbeddingError
from ...runtime.images import read_image
from ...runtime.item import Item
from ...runtime.onnxruntime_backend import OnnxRuntimeBackend
from ...runtime.preprocess import Preprocess, View
from ...runtime.progress import Progress, silent
from ..graph import save
from ..half_simulation import simulate_half
from .partial_graph import PartialGraph, Tensors

Embeddings = NDArray[np.float32]


class GatedGraph:
    """A branch's graph under test."""

    def __init__(self, folder: Path, view: View, precision: Precision) -> None:
        """
        Remember which graph it is.

        Args:
            folder: holds `<view>/model.<precision>.onnx` and `<view>/preprocess.json`.
            view: the branch.
            precision: the graph.

        """
        self.view, self.precision = view, precision
        self.name = f"{view}/model.{precision}.onnx"
        self.preprocess = Preprocess.read(folder / view / "preprocess.json")
        self._path = folder / self.name

    @cached_property
    def model(self) -> onnx.ModelProto:
        """The graph as it lies in the bundle."""
        return onnx.load(self._path)

    @cached_property
    def runnable(self) -> onnx.ModelProto:
        """The graph as it is run: a half graph's rounding twin."""
        return simulate_half(self.model) if self.precision == "fp16" else self.model

    def embed(self, images: Sequence[Path], progress: Progress = silent) -> Embeddings:
        """
        Embed image files.

        Raises:
            DataError: an image cannot be read.
            EmbeddingError: the graph gives no unit vectors.
            ArtifactError: the graph does not load, or is not one of this preprocessing.

        """
        items = [Item(str(row), path) for row, path in enumerate(images)]
        with self._backend() as backend:
            return embed_every(backend, items, progress=progress)

    def refused(self, images: Sequence[Path], count: int) -> tuple[Path, ...]:
        """Find the first `count` images to which the graph gives no unit vectors."""
        found: list[Path] = []
        with self._backend() as backend:
            for image in images:
                try:
                    embed_every(backend, [Item("one", image)])
                except EmbeddingError:
                    found.append(image)
                if len(found) == count:
                    break
        return tuple(found)

    def feed(self, graph: PartialGraph, images: Sequence[Path]) -> Tensors:
        """
        Prepare images for a graph of this branch, raw or normalised as its input asks.

        Returns:
            The input's name with uint8 [B, H, W, 3] or float32 [B, 3, H, W].

        """
        fitted = np.stack([self.preprocess.fit(read_image(path)) for path in images])
        raw = graph.input.type.tensor_type.elem_type == onnx.TensorProto.UINT8
        return {graph.input.name: fitted if raw else self.preprocess.tensor(fitted)}

    @contextmanager
    def _backend(self) -> Iterator[OnnxRuntimeBackend]:
        with TemporaryDirectory() as scratch:
            path = self._path
            if self.precision == "fp16":  # the twin is in no file yet
                path = Path(scratch) / "model.onnx"
                save(self.runnable, path)
            with OnnxRuntimeBackend(path, self.preprocess) as backend:
                yield backend
