"""What a network computes and holds: counted without data, NEC apart."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ...training.config import ConverterConfig, NetworkConfig
from ..flops.count import ModuleCount, pair_of, sum_of
from ..flops.modules import NEC
from ..flops.networks import at_benchmark, choose_networks
from ..flops.torch_counter import count_network


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one pair of images, in multiply-accumulates."""

    pair_macs: int
    """At inference, where NEC is a constant."""

    nec_macs: int
    """Of one forward pass of NEC, once a batch in training."""

    params: int
    """Weights that are trained, NEC's and the maps' included; shared ones once."""

    nec_params: int
    """Of them NEC's."""


def cost_of(config: NetworkConfig) -> Cost:
    """
    Count a network.

    Raises:
        ConfigError: backbone, levels and sizes do not fit together.

    """
    return _cost(config.model_dump_json())


@lru_cache(maxsize=64)
def _cost(config: str) -> Cost:
    """Count once for each configuration: many runs share one, and a count takes seconds."""
    network = NetworkConfig.model_validate_json(config)
    modules = pair_of(count_network(network).values())
    total, nec = sum_of(modules.values()), modules.get(NEC, ModuleCount())
    return Cost(total.macs - nec.macs, nec.macs, total.params, nec.params)


def sample4geo_macs(config: NetworkConfig) -> int:
    """Count Sample4Geo (ConvNeXt-Base, pooled) for a pair at the same image sizes."""
    (rival,) = choose_networks(("sample4geo",), None, ())
    return cost_of(at_benchmark(rival.config, "own", config)).pair_macs


def nec_macs(
    channels: int, ground_positions: int, satellite_positions: int, config: ConverterConfig
) -> int:
    """
    Reckon one forward pass of NEC from its sizes: C times the sum of inputs by outputs.

    Args:
        channels: C, each of which passes the same layers.
        ground_positions: H W of the ground map.
        satellite_positions: H W of the satellite map.
        config: depth and width.

    """
    sizes = [ground_positions, *[config.width] * (config.depth - 1), satellite_positions]
    return channels * sum(inputs * outputs for inputs, outputs in pairwise(sizes))
