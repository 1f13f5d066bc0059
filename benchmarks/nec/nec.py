"""Train converters of several depths, widths and activations; put recall beside their MACs."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.preprocess import VIEWS
from ...runtime.progress import Progress, silent
from ...training.config import ConverterConfig, NetworkConfig
from ...training.network import CLNet
from ...training.train_config import TrainConfig
from ..experiments.cost import cost_of, nec_macs
from ..experiments.row_fields import run_fields
from ..experiments.runs import TrainedRun, trained
from ..experiments.variants import configured_converter, run_name, with_converter
from ..records.nec_result import Activation, NecResult
from .sweep import converters


def run_nec(
    config: TrainConfig,
    data: Path,
    out: Path,
    *,
    depths: Sequence[int] = (1, 2, 3),
    widths: Sequence[int] = (16, 64, 256),
    activations: Sequence[Activation] = ("gelu", "relu", "tanh"),
    grid: bool = False,
    seeds: Sequence[int] = (0,),
    progress: Progress = silent,
) -> tuple[NecResult, ...]:
    """
    Train the configured NEC and its variations; data, steps and batches of a seed are the same.

    Args:
        config: the whole network, with NEC.
        data: the data set.
        out: a folder for the runs; finished ones in it are not repeated, interrupted ones go on.
        depths: linear layers.
        widths: units of each hidden layer.
        activations: between layers.
        grid: every combination instead of one property at a time.
        seeds: one after the other, all converters of each.
        progress: told about every step.

    Raises:
        ConfigError: the configuration has no NEC.
        ClnetError: as `train_run`.

    """
    configured = configured_converter(config)
    asked = converters(configured, depths=depths, widths=widths, activations=activations, grid=grid)
    rows = []
    for seed in dict.fromkeys(seeds):
        for converter in asked:
            one = with_converter(config, converter, seed)
            run = trained(one, data, out / run_name(one), progress)
            rows.append(_row(run, converter, converter == configured))
    return tuple(rows)


def _row(run: TrainedRun, converter: ConverterConfig, is_configured: bool) -> NecResult:
    cost = cost_of(run.config.network)
    is_deep = converter.depth > 1
    return NecResult(
        depth=converter.depth,
        width=converter.width if is_deep else None,
        activation=converter.activation if is_deep else None,
        is_configured=is_configured,
        nec_macs=cost.nec_macs,
        nec_macs_analytic=_analytic_macs(run.config.network, converter),
        nec_params=cost.nec_params,
        **run_fields(run, cost),
    )


def _analytic_macs(network: NetworkConfig, converter: ConverterConfig) -> int:
    """Add up the levels; shapes come from the backbone, without data."""
    import torch

    with torch.device("meta"):
        built = CLNet(network)
    shapes = {
        view: built.backbone(view).shapes(network.preprocess(view), network.levels)
        for view in VIEWS
    }
    return sum(
        nec_macs(ground[0], ground[1] * ground[2], satellite[1] * satellite[2], converter)
        for ground, satellite in zip(shapes["ground"], shapes["satellite"], strict=True)
    )
