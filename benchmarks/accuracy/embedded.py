"""A data set's embeddings by a backend, or by the checkpoint in PyTorch."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ...runtime.backend import Backend
from ...runtime.backends import BackendName, open_backend
from ...runtime.bundle import Bundle
from ...runtime.datasets import Place
from ...runtime.embedder import embed_every
from ...runtime.errors import EmbeddingError, SpaceMismatch
from ...runtime.item import Item
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Advance, Progress, silent
from ...runtime.ranking import true_ranks
from ..latency.ran import ran_of
from ..latency.rows import Method


@dataclass(frozen=True, slots=True)
class Embedded:
    """Both views of Q places; row i of each shows place i."""

    method: Method
    """By what."""

    ground: NDArray[np.float32]
    """[Q, D], rows of unit length."""

    satellite: NDArray[np.float32]
    """[Q, D], rows of unit length."""

    artifacts: dict[str, str]
    """sha256 of each file that ran, by its role."""

    tf32: bool
    """Whether FP32 products could run in TF32."""

    def ranks(self) -> NDArray[np.int64]:
        """
        Rank every ground image against all tiles; a tie counts against the query.

        Returns:
            [Q], where the true tile ranks; 0 is best.

        Raises:
            EmbeddingError: embeddings are not finite, not unit vectors, or have collapsed; the
                method is named.

        """
        truth = np.arange(len(self.ground), dtype=np.int64)
        try:
            return true_ranks(self.ground, self.satellite, truth)
        except EmbeddingError as error:
            raise EmbeddingError(f"{self.method.name}: {error}", error.row) from error

    def min_cosine(self, other: "Embedded") -> float:
        """Take the least cosine of any image's embedding to the same image's in `other`."""
        pairs = ((self.ground, other.ground), (self.satellite, other.satellite))
        return min(float((mine * its).sum(axis=1).min()) for mine, its in pairs)


def embed_by_backend(
    bundle: Bundle, places: Sequence[Place], method: Method, progress: Progress = silent
) -> Embedded:
    """
    Embed places as clnet-embed does.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        places: Q places, at least one.
        method: a backend with its precision.
        progress: told about every image.

    Raises:
        DataError: an image cannot be read.
        EmbeddingError: no unit vectors came, or one point for different images.
        ClnetError: as `open_backend`; no other backend takes its place.

    """
    found: dict[View, NDArray[np.float32]] = {}
    artifacts: dict[str, str] = {}
    tf32 = False
    for view in VIEWS:
        with open_method(bundle, view, method) as backend:
            ran = ran_of(bundle, {view: backend}, method.precision)
            try:
                named = _named(progress, f"embed {view} by {method.name}")
                found[view] = embed_every(backend, _items(places, view), progress=named)
            except EmbeddingError as error:
                raise EmbeddingError(f"{method.name}: {error}", error.row) from error
        artifacts |= ran.artifacts[view]
        tf32 |= any(engine.tf32 for engine in ran.engines.values())
    return Embedded(method, found["ground"], found["satellite"], artifacts, tf32)


def embed_by_checkpoint(
    checkpoint: Path, bundle: Bundle, places: Sequence[Place], progress: Progress = silent
) -> Embedded:
    """
    Embed places with PyTorch, in FP32 on the CPU: the reference.

    Args:
        checkpoint: the run that the bundle was exported from.
        bundle: the bundle that will be held to it.
        places: Q places, at least one.
        progress: told about every image.

    Raises:
        ArtifactError: the checkpoint is missing or damaged.
        SpaceMismatch: the bundle is of other weights or another network.
        DataError: an image cannot be read.
        EmbeddingError: an embedding is no unit vector.

    """
    from ...export.bundle_writer import embedding_space_id
    from ...training.checkpoint import load_checkpoint
    from ...training.evaluation import embed_images

    loaded = load_checkpoint(checkpoint)
    found, expected = embedding_space_id(loaded), bundle.manifest.embedding_space_id
    if found != expected:
        raise SpaceMismatch(
            f"{checkpoint}: expected the checkpoint that {bundle.path} was exported from (its "
            f"embedding space is {expected}), got one of {found}; name that one, or export this one"
        )
    views = {
        view: embed_images(
            loaded.network, [item.path for item in _items(places, view)], view, progress=progress
        )
        for view in VIEWS
    }
    artifacts = {"checkpoint": loaded.weights_sha256}
    eager = Method("torch_eager", "fp32")
    return Embedded(eager, views["ground"], views["satellite"], artifacts, tf32=False)


def open_method(bundle: Bundle, view: View, method: Method) -> Backend:
    """Load a branch; errors are those of `open_backend`."""
    return open_backend(bundle, view, cast("BackendName", method.backend), method.precision)


def _named(progress: Progress, name: str) -> Progress:
    """Let bars say what is being embedded, where the embedder only knows that it embeds."""

    def opened(
        label: str, total: int | None, unit: str = "images"
    ) -> AbstractContextManager[Advance]:
        del label
        return progress(name, total, unit)

    return opened


def _items(places: Sequence[Place], view: View) -> list[Item]:
    return [
        Item(place.id, place.ground if view == "ground" else place.satellite) for place in places
    ]
