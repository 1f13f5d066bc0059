"""Recall of a bundle on a data set, through the backend that users run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .backends import open_backend
from .bundle import Bundle, Precision
from .datasets import Place
from .embedder import embed_every
from .item import Item
from .preprocess import VIEWS, View
from .progress import Progress, silent
from .ranking import Recall, recall, true_ranks


def evaluate_bundle(
    bundle: Bundle,
    places: Sequence[Place],
    precision: Precision | None = None,
    *,
    progress: Progress = silent,
) -> Recall:
    """
    Rank every ground image against every tile of the same places (CVUSA's protocol).

    Args:
        bundle: an opened bundle; runs on ONNX Runtime.
        places: what to rank.
        precision: the graph of both branches; None as in `open_backend`.
        progress: told about every image.

    Raises:
        DataError: an image cannot be read.
        EmbeddingError: embeddings are not finite or have collapsed.

    """
    ground, tiles = (_embed(bundle, view, places, precision, progress) for view in VIEWS)
    truth = np.arange(len(places), dtype=np.int64)
    return recall(true_ranks(ground, tiles, truth), len(places))


def _embed(
    bundle: Bundle,
    view: View,
    places: Sequence[Place],
    precision: Precision | None,
    progress: Progress,
) -> NDArray[np.float32]:
    items = [
        Item(place.id, place.ground if view == "ground" else place.satellite) for place in places
    ]
    with open_backend(bundle, view, precision=precision) as backend:
        return embed_every(backend, items, progress=progress)
