"""Two counters that share no code find the same products, module by module."""

from typing import Any

import pytest

for _module in ("torch", "timm", "onnx", "onnxscript", "onnxslim"):
    pytest.importorskip(_module, reason=f"{_module} is not installed: clnet[export]")

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clnet.benchmarks.flops.count import BranchCount, pair_of, sum_of
from clnet.benchmarks.flops.exported import count_export, count_exports
from clnet.benchmarks.flops.modules import GFR, HEAD, NEC
from clnet.benchmarks.flops.networks import PUBLISHED, BenchmarkName, at_benchmark
from clnet.benchmarks.flops.torch_counter import count_network
from clnet.runtime.preprocess import VIEWS, View
from clnet.training.config import NetworkConfig

SMALL: dict[str, Any] = {
    "backbone": "convnext_atto",
    "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]},
}
LINEAR_MLP: dict[str, Any] = SMALL["backbone_options"] | {"conv_mlp": False}


def small(height: int = 64, width: int = 96, **fields: object) -> NetworkConfig:
    sizes = {
        "ground": {"view": "ground", "height": height, "width": width},
        "satellite": {"view": "satellite", "height": 64, "width": 64},
    }
    return NetworkConfig.model_validate({**SMALL, **sizes, **fields})


def macs(branch: BranchCount) -> dict[str, int]:
    """Products by module, without NEC, which the graph has as a constant."""
    return {name: one.macs for name, one in branch.items() if one.macs and name != NEC}


def backbone_weights(branch: BranchCount) -> dict[str, int]:
    return {name: one.params for name, one in branch.items() if name not in (NEC, GFR, HEAD)}


def exported(config: NetworkConfig) -> dict[View, BranchCount]:
    return {view: count_export(config, view) for view in VIEWS}


_MAPS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda depth, width: {"converter": {"depth": depth, "width": width}},
        st.integers(1, 3),
        st.integers(3, 9),
    ),
    st.just({"converter": None, "normaliser": "sigmoid"}),
    st.just({"source": "image", "converter": None, "normaliser": "minmax"}),
)


@st.composite
def _configs(draw: st.DrawFn) -> NetworkConfig:
    pooled = draw(st.booleans())
    return small(
        backbone_options=draw(st.sampled_from((SMALL["backbone_options"], LINEAR_MLP))),
        height=draw(st.sampled_from((64, 70, 96))),
        width=draw(st.sampled_from((64, 100, 128))),
        levels=draw(st.sampled_from(((3,), (2,), (1, 3), (0, 2, 3)))),
        maps=draw(st.none() | _MAPS),
        head="pooled" if pooled else "flattened",
        fusion=draw(st.sampled_from(("concat", "sum"))),
        embedding_dim=draw(st.integers(4, 16)),
        shared=draw(st.booleans()),
        batch_norm=draw(st.booleans()),
    )


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(_configs())
def test_any_small_network_has_the_same_products_in_both_counts(config: NetworkConfig) -> None:
    on_network, on_graph = count_network(config), exported(config)

    assert {view: macs(on_network[view]) for view in VIEWS} == {
        view: macs(on_graph[view]) for view in VIEWS
    }


@pytest.mark.slow
def test_clnet_tiny_has_the_same_products_and_weights_in_both_counts() -> None:
    configs = [at_benchmark(NetworkConfig(), one, NetworkConfig()) for one in PUBLISHED]

    for config, on_graph in zip(configs, count_exports(configs), strict=True):
        on_network = count_network(config)
        for view in VIEWS:
            assert macs(on_network[view]) == macs(on_graph[view])
            assert backbone_weights(on_network[view]) == backbone_weights(on_graph[view])


@pytest.mark.slow
def test_nec_and_maps_become_one_constant_factor_of_the_features_shape() -> None:
    on_graph = exported(small())

    assert all(NEC not in branch for branch in on_graph.values())
    assert on_graph["ground"][GFR].params == 32 * 2 * 3
    assert on_graph["satellite"][GFR].params == 32 * 2 * 2


def test_nec_is_counted_layer_by_layer_on_the_network() -> None:
    config = small(maps={"converter": {"depth": 2, "width": 7}})

    nec = count_network(config)["satellite"][NEC]

    assert nec.macs == 32 * (6 * 7 + 7 * 4)
    assert nec.params == 6 * 7 + 7 + 7 * 4 + 4


def test_no_nec_runs_on_the_ground() -> None:
    assert NEC not in count_network(small())["ground"]


def test_a_shared_encoder_counts_once_in_a_pair() -> None:
    alone, shared = (count_network(small(shared=one, maps=None)) for one in (False, True))

    ground = sum_of(shared["ground"].values()).params
    assert sum_of(pair_of(shared.values()).values()).params == ground
    assert sum_of(pair_of(alone.values()).values()).params == 2 * ground


def test_a_stage_that_no_level_needs_is_not_counted() -> None:
    branch = count_network(small(levels=(1,), maps=None))["ground"]

    assert set(branch) == {"backbone.stem", "backbone.stage1", "backbone.stage2", "head"}


@pytest.mark.parametrize(
    ("backbone", "benchmark", "view", "gmacs"),
    [
        ("convnext_tiny", "cvusa", "satellite", 13.14),
        ("convnext_tiny", "cvusa", "ground", 8.99),
        ("convnext_tiny", "vigor", "ground", 26.27),
        ("convnext_small", "cvusa", "satellite", 25.58),
        ("convnext_small", "cvusa", "ground", 17.29),
        ("convnext_small", "vigor", "ground", 51.16),
        ("convnext_base", "cvusa", "satellite", 45.21),
        ("convnext_base", "cvusa", "ground", 30.55),
        ("convnext_base", "vigor", "ground", 90.41),
    ],
)
def test_with_fvcores_rule_for_layer_norm_the_published_costs_come_out(
    backbone: str, benchmark: BenchmarkName, view: View, gmacs: float
) -> None:
    config = NetworkConfig(backbone=backbone, maps=None)

    total = sum_of(count_network(at_benchmark(config, benchmark, config))[view].values())

    assert round((total.macs + total.layer_norm_operations) / 1e9, 2) == gmacs


@pytest.mark.parametrize(
    ("backbone", "millions"),
    [("convnext_tiny", 27.82), ("convnext_small", 49.45), ("convnext_base", 87.57)],
)
def test_a_headless_convnext_has_the_published_number_of_weights(
    backbone: str, millions: float
) -> None:
    branch = count_network(NetworkConfig(backbone=backbone, maps=None))["ground"]

    assert round(sum_of(branch.values()).params / 1e6, 2) == millions
