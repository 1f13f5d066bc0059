"""Embeddings of the training places, each process its part: what hard negatives are found in."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.datasets import Place
from ...runtime.preprocess import View
from ...runtime.progress import Progress
from ..evaluation import embed_images
from ..network import CLNet
from .processes import Processes


def embed_places(
    network: CLNet, places: Sequence[Place], processes: Processes, progress: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Embed both views of places, in evaluation mode; a file that several share is embedded once.

    Returns:
        [P, D] float32 of the ground and of the satellite view, on every process.

    """

    def embedded(paths: list[Path], view: View) -> NDArray[np.float32]:
        rows = {path: row for row, path in enumerate(dict.fromkeys(paths))}
        own = list(rows)[processes.slice_of(len(rows))]
        found = embed_images(network, own, view, progress=progress)
        return processes.gather_rows(found, len(rows))[[rows[path] for path in paths]]

    return (
        embedded([place.ground for place in places], "ground"),
        embedded([place.satellite for place in places], "satellite"),
    )
