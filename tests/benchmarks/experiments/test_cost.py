"""MACs and weights of a network, NEC apart."""

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")

from clnet.benchmarks.experiments.cost import cost_of, nec_macs, sample4geo_macs
from clnet.training.config import ConverterConfig, NetworkConfig

TINY = NetworkConfig()


def without_nec() -> NetworkConfig:
    assert TINY.maps is not None
    maps = TINY.maps.model_copy(update={"converter": None})
    return TINY.model_copy(update={"maps": maps})


def test_counted_nec_is_what_its_sizes_give() -> None:
    cost = cost_of(TINY)

    # 768 channels; 4 x 24 ground positions, 64 hidden units, 12 x 12 satellite positions
    assert cost.nec_macs == 768 * (96 * 64 + 64 * 144)
    assert cost.nec_macs == nec_macs(768, 96, 144, ConverterConfig())
    assert cost.nec_params == 96 * 64 + 64 + 64 * 144 + 144


def test_inference_costs_as_much_as_without_nec() -> None:
    assert cost_of(TINY).pair_macs == cost_of(without_nec()).pair_macs


def test_a_linear_converter_is_one_product() -> None:
    assert nec_macs(10, 4, 6, ConverterConfig(depth=1)) == 10 * 4 * 6


@pytest.mark.slow
def test_tiny_is_71_percent_below_sample4geo_at_cvusas_sizes() -> None:
    saving = 1 - cost_of(TINY).pair_macs / sample4geo_macs(TINY)

    assert saving == pytest.approx(0.71, abs=0.005)
