"""A bundle asked a task, through the backend that users run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .backends import open_backend
from .bundle import Bundle, Precision
from .datasets import Picture, Task
from .embedder import embed_every
from .item import Item
from .preprocess import View
from .progress import Progress, silent
from .ranking import Recall, score_task


def evaluate_bundle(
    bundle: Bundle,
    task: Task,
    precision: Precision | None = None,
    *,
    progress: Progress = silent,
) -> tuple[Recall, ...]:
    """
    Ask a bundle one task.

    Args:
        bundle: an opened bundle; runs on ONNX Runtime.
        task: what is asked.
        precision: the graph of both branches; None as in `open_backend`.
        progress: told about every image.

    Returns:
        One a protocol of the task, the benchmark's own first.

    Raises:
        DataError: an image cannot be read.
        EmbeddingError: embeddings are not finite or have collapsed.

    """
    queries = _embed(bundle, task.query_view, task.queries, precision, progress)
    gallery = _embed(bundle, task.gallery_view, task.gallery, precision, progress)
    return score_task(task, queries, gallery)


def _embed(
    bundle: Bundle,
    view: View,
    pictures: Sequence[Picture],
    precision: Precision | None,
    progress: Progress,
) -> NDArray[np.float32]:
    items = [Item(picture.id, picture.path) for picture in pictures]
    with open_backend(bundle, view, precision=precision) as backend:
        listed = {picture.id: picture.row for picture in pictures}
        return embed_every(backend, items, listed=listed, progress=progress)
