"""Learned maps of a network as arrays, and two figures of one: how it varies and how it peaks."""

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.preprocess import View
from ...training.network import CLNet
from ...training.neural_map import LearnedMaps

Map = NDArray[np.float64]
"""[C, H, W]."""


def has_learned_maps(network: CLNet) -> bool:
    """Tell whether the maps are constants of the network, not computed from images."""
    return network.config.maps is not None and network.config.maps.source == "learned"


def has_converter(network: CLNet) -> bool:
    """Tell whether NEC makes the satellite's maps."""
    return network.config.maps is not None and network.config.maps.converter is not None


@torch.no_grad()
def neural_map(network: CLNet, level: int, view: View) -> Map:
    """
    Return N^g, or N^s as NEC makes it, before any normaliser.

    Args:
        network: with learned maps.
        level: index into `config.levels`.
        view: `ground` for N^g, `satellite` for N^s.

    """
    maps = network.maps[level]
    assert isinstance(maps, LearnedMaps)
    return _array(getattr(maps, view)(torch.zeros(())))


@torch.no_grad()
def weights(network: CLNet, level: int, view: View) -> Map:
    """Return norm(N), by the network's own normaliser; arguments as for `neural_map`."""
    device = network.logit_scale.device
    return _array(network.weights(level, view, torch.zeros((), device=device)))


def position_std(one: Map) -> float:
    """Return the standard deviation over positions, mean over channels."""
    return float(one.reshape(len(one), -1).std(axis=1).mean())


def effective_share(one: Map) -> float:
    """
    Return which share of the positions a softmax over space effectively looks at.

    The exponential of its entropy (the perplexity) by H W, mean over channels: 1 for a uniform
    map, 1 / (H W) for a single position.
    """
    flat = one.reshape(len(one), -1)
    scaled = np.exp(flat - flat.max(axis=1, keepdims=True))
    share = scaled / scaled.sum(axis=1, keepdims=True)
    entropy = -(share * np.log(np.maximum(share, 1e-300))).sum(axis=1)
    return float(np.exp(entropy).mean() / flat.shape[1])


def _array(values: torch.Tensor) -> Map:
    return values[0].double().cpu().numpy()
