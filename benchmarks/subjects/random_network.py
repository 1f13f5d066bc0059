"""Networks with random weights: speed does not depend on what was learned."""

from pathlib import Path

import torch

from ...export.graph import export_branch, save
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ...training.checkpoint import load_checkpoint, save_checkpoint
from ...training.config import NetworkConfig
from ...training.network import CLNet


def save_random(config: NetworkConfig, folder: Path, seed: int = 0) -> Path:
    """
    Write a checkpoint of untrained weights.

    Args:
        config: the network.
        folder: takes the checkpoint.
        seed: of the weights; torch's own generator is left as it was.

    Returns:
        `folder`.

    Raises:
        ConfigError: backbone, levels and sizes do not fit together.

    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        save_checkpoint(folder, CLNet(config), steps=0)
    return folder


def export_random(checkpoint: Path, folder: Path, progress: Progress = silent) -> dict[View, Path]:
    """
    Export both branches of a checkpoint in FP32.

    Returns:
        The ONNX files by view.

    Raises:
        ArtifactError: the network cannot be exported.

    """
    network = load_checkpoint(checkpoint).network
    graphs: dict[View, Path] = {}
    with progress("export", len(VIEWS), "graphs") as advance:
        for view in VIEWS:
            graphs[view] = folder / f"{view}.onnx"
            save(export_branch(network, view), graphs[view])
            advance()
    return graphs
