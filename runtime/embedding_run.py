"""From a source to a gallery: what is there is skipped, what is done is committed by blocks."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .artifact import Artifact
from .backends import BackendName, open_backend
from .bundle import Bundle, Precision
from .embedder import Block, Failure, embed_items
from .gallery import GalleryWriter, gallery_writer
from .gallery_table import GalleryInfo, NumberFormat
from .item import Item
from .preprocess import View
from .progress import Progress, silent

COMMIT_ROWS = 1024
"""Places in one commit: what a kill can cost, and how small a table's fragments get."""


@dataclass(frozen=True, slots=True)
class EmbeddingRun:
    """What one run did."""

    embedded: int
    """Places added to the gallery."""

    skipped: int
    """Items whose id was there already."""

    failures: tuple[Failure, ...]
    """Items that could not be read; a later run tries them again."""

    seconds: float
    """From the first file to the last commit, without loading the network."""

    @property
    def images_per_s(self) -> float:
        """Added places a second; 0 if nothing was added."""
        return self.embedded / self.seconds if self.embedded else 0.0

    @property
    def figures(self) -> "EmbeddingFigures":
        """The run in numbers."""
        return EmbeddingFigures(
            embedded=self.embedded,
            skipped=self.skipped,
            failed=len(self.failures),
            seconds=self.seconds,
            images_per_s=self.images_per_s,
        )


class EmbeddingFigures(Artifact):
    """An embedding run in numbers."""

    embedded: int
    """Places added to the gallery."""

    skipped: int
    """Items whose id was there already."""

    failed: int
    """Items that could not be read."""

    seconds: float
    """From the first file to the last commit, without loading the network."""

    images_per_s: float
    """Added places a second; 0 if nothing was added."""

    def line(self) -> str:
        """Sum the run up in one line."""
        return (
            f"embedded {self.embedded:,}  skipped {self.skipped:,}  failed {self.failed:,}"
            f"  {self.images_per_s:,.1f} images/s"
        )


def embed_into(
    gallery: Path,
    bundle: Bundle,
    view: View,
    items: Sequence[Item],
    *,
    backend: BackendName = "onnxruntime",
    precision: Precision | None = None,
    number_format: NumberFormat = "float32",
    batch_size: int = 32,
    progress: Progress = silent,
) -> EmbeddingRun:
    """
    Embed items into a gallery, which is made if it is not there.

    Args:
        gallery: the gallery's folder.
        bundle: what to run.
        view: which branch.
        items: what to embed, no id twice. Ids that the gallery holds are skipped.
        backend: see `open_backend`.
        precision: see `open_backend`.
        number_format: how a new gallery stores numbers; an old one must agree.
        batch_size: images in one run of the network.
        progress: told of every item.

    Raises:
        ClnetError: gallery, bundle or backend cannot be used; what was committed stays.

    """
    manifest = bundle.manifest
    info = GalleryInfo(manifest.embedding_space_id, manifest.embedding_dim, view, number_format)
    with (
        open_backend(bundle, view, backend, precision) as branch,
        gallery_writer(gallery, info) as writer,
    ):
        new = [item for item in items if item.id not in writer.ids]
        start = time.perf_counter()
        pending: list[Block] = []
        failures: list[Failure] = []
        embedded = 0
        for block in embed_items(branch, new, batch_size=batch_size, progress=progress):
            failures += block.failures
            pending.append(block)
            if sum(len(part.items) for part in pending) >= COMMIT_ROWS:
                embedded += _commit(writer, pending)
        embedded += _commit(writer, pending)
        seconds = time.perf_counter() - start
    return EmbeddingRun(embedded, len(items) - len(new), tuple(failures), seconds)


def _commit(writer: GalleryWriter, pending: list[Block]) -> int:
    items = [item for block in pending for item in block.items]
    if not items:
        return 0
    embeddings = np.concatenate([block.embeddings for block in pending])
    pending.clear()
    return writer.append(items, embeddings)
