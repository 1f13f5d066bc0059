"""Embeddings of the training places, each process its part: what hard negatives are found in."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.datasets import Place
from ...runtime.progress import Progress
from ..loading import PairLoader, ViewImages
from ..network import CLNet
from .processes import Processes

BATCH = 64


def embed_places(
    network: CLNet,
    places: Sequence[Place],
    loader: PairLoader,
    processes: Processes,
    progress: Progress,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Embed both views of places, in evaluation mode; a file that several share is embedded once.

    Returns:
        [P, D] float32 of the ground and of the satellite view, on every process.

    """

    def embedded(paths: list[Path], images: ViewImages) -> NDArray[np.float32]:
        files = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        first = {path: row for row, path in reversed(list(enumerate(paths)))}
        rows = np.array([first[path] for path in files], np.int64)
        own = _embed(network, images, rows[processes.slice_of(len(rows))], progress)
        return processes.gather_rows(own, len(rows))[[files[path] for path in paths]]

    was_training = network.training
    network.eval()
    both = (
        embedded([place.ground for place in places], loader.ground),
        embedded([place.satellite for place in places], loader.satellite),
    )
    network.train(was_training)
    return both


@torch.inference_mode()
def _embed(
    network: CLNet, images: ViewImages, rows: NDArray[np.int64], progress: Progress
) -> NDArray[np.float32]:
    view, device = images.preprocess.view, network.logit_scale.device
    embeddings = np.empty((len(rows), network.embedding_dim), np.float32)
    with progress(f"embed {view}", len(rows)) as advance:
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            batch = torch.from_numpy(images.preprocess.tensor(images.load(some))).to(device)
            embeddings[start : start + len(some)] = network(batch, view).cpu().numpy()
            advance(len(some))
    return embeddings
