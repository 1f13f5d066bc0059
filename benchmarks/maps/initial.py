"""A run's network as it was before its first step."""

import torch

from ...training.checkpoint import start_from
from ...training.network import CLNet
from ...training.pretrained import load_pretrained
from ...training.train_config import TrainConfig


def initial_network(config: TrainConfig) -> CLNet:
    """
    Build the network of a run from its seed, as the trainer does.

    Raises:
        ArtifactError: the run started from weights that cannot be read any more.

    """
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        network = CLNet(config.network)
    if config.init is not None:
        start_from(network, config.init)
    if config.pretrained is not None:
        load_pretrained(network, config.pretrained)
    return network.eval().requires_grad_(False)
