"""Embed a task's pictures with PyTorch and rank them: the reference every export is held to."""

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..runtime.cores import usable_cores
from ..runtime.datasets import Task
from ..runtime.preprocess import View
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall, score_task
from ..runtime.read_ahead import read_ahead
from .loading import ViewImages
from .network import CLNet
from .reweighing import Reweigh

BATCH = 64


@torch.inference_mode()
def embed_images(
    network: CLNet,
    paths: Sequence[Path],
    view: View,
    *,
    listed: Sequence[str] = (),
    reweigh: Reweigh | None = None,
    progress: Progress = silent,
) -> NDArray[np.float32]:
    """
    Embed N files, in evaluation mode and float32; decoded while the network runs.

    Args:
        network: on any device.
        paths: the files.
        view: the branch.
        listed: where each file is listed, for messages; empty where nobody knows.
        reweigh: changes the normalised maps.
        progress: told about every image.

    Returns:
        [N, D] float32, rows of unit length, in the order of the files.

    Raises:
        DataError: an image is missing or cannot be decoded; names it, and where it is listed.

    """
    images = ViewImages(paths, network.config.preprocess(view), listed)
    device = network.logit_scale.device
    was_training = network.training
    network.eval()
    blocks = [np.empty((0, network.embedding_dim), np.float32)]
    decoded = read_ahead(images.image, range(len(images)), threads=usable_cores(), ahead=BATCH)
    with closing(decoded), progress(f"embed {view}", len(images)) as advance:
        while batch := list(islice(decoded, BATCH)):
            tensor = torch.from_numpy(images.preprocess.tensor(np.stack(batch))).to(device)
            blocks.append(network(tensor, view, reweigh=reweigh).cpu().numpy())
            advance(len(batch))
    network.train(was_training)
    return np.concatenate(blocks)


def evaluate(
    network: CLNet,
    task: Task,
    *,
    reweigh: Reweigh | None = None,
    progress: Progress = silent,
) -> tuple[Recall, ...]:
    """
    Ask a network one task.

    Args:
        network: on any device.
        task: what is asked.
        reweigh: changes the normalised maps.
        progress: told about every image.

    Returns:
        One a protocol of the task, the benchmark's own first.

    Raises:
        DataError: an image is missing or cannot be decoded; says where it is listed.
        EmbeddingError: embeddings are not finite or have collapsed.

    """
    queries, gallery = (
        embed_images(
            network,
            [picture.path for picture in pictures],
            view,
            listed=[picture.row for picture in pictures],
            reweigh=reweigh,
            progress=progress,
        )
        for pictures, view in (
            (task.queries, task.query_view),
            (task.gallery, task.gallery_view),
        )
    )
    return score_task(task, queries, gallery)
