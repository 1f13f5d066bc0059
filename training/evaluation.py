"""Embed a data set with PyTorch and rank it: the reference that every export is held to."""

import numpy as np
import torch
from numpy.typing import NDArray

from ..runtime.preprocess import VIEWS, View
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall, recall, true_ranks
from .network import CLNet
from .pairs import PairedImages, ViewImages
from .reweighing import Reweigh

BATCH = 64


@torch.inference_mode()
def embed_view(
    network: CLNet,
    images: ViewImages,
    *,
    reweigh: Reweigh | None = None,
    progress: Progress = silent,
) -> NDArray[np.float32]:
    """
    Embed one view's images, in evaluation mode and float32.

    Returns:
        [N, D] float32, rows of unit length, in the order of the images.

    """
    view: View = images.preprocess.view
    device = network.logit_scale.device
    was_training = network.training
    network.eval()
    blocks = []
    with progress(f"embed {view}", len(images)) as advance:
        for first in range(0, len(images), BATCH):
            rows = np.arange(first, min(first + BATCH, len(images)))
            batch = torch.from_numpy(images.preprocess.tensor(images.load(rows))).to(device)
            blocks.append(network(batch, view, reweigh=reweigh).cpu().numpy())
            advance(len(rows))
    network.train(was_training)
    return np.concatenate(blocks)


def evaluate(
    network: CLNet,
    pairs: PairedImages,
    *,
    reweigh: Reweigh | None = None,
    progress: Progress = silent,
) -> Recall:
    """
    Rank every ground image against every tile of the same places (CVUSA's protocol).

    Raises:
        EmbeddingError: embeddings are not finite or have collapsed.

    """
    ground, tiles = (
        embed_view(network, pairs.view(view), reweigh=reweigh, progress=progress) for view in VIEWS
    )
    truth = np.arange(len(pairs), dtype=np.int64)
    return recall(true_ranks(ground, tiles, truth), len(pairs))
