"""Train every variant with every seed; say what each step adds, and what transfers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...runtime.datasets import Layout
from ...runtime.progress import Progress, silent
from ...training.train_config import TrainConfig
from ..experiments.cost import cost_of
from ..experiments.row_fields import circumstances, network_fields, run_fields, score_fields
from ..experiments.runs import TrainedRun, trained
from ..experiments.scoring import HeldOut, load_network
from ..experiments.signatures import signatures_of
from ..experiments.variants import RIVAL, STEPS, run_name, variant_of
from ..records.ablation_result import AblationResult, TransferResult, Variant
from ..records.result import Result
from .gains import gains_of


@dataclass(frozen=True, slots=True)
class Target:
    """Another data set to evaluate on."""

    data: Path
    """Its folder."""

    layout: Layout
    """How it lies on disk."""


def run_ablation(
    config: TrainConfig,
    data: Path,
    out: Path,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    rival: bool = False,
    transfer: Sequence[Target] = (),
    progress: Progress = silent,
) -> tuple[Result, ...]:
    """
    Train baseline, + maps and GFR, + NEC, of each seed; data, steps and batches are the same.

    Args:
        config: the whole network, with NEC.
        data: the data set.
        out: a folder for the runs; finished ones in it are not repeated, interrupted ones go on.
        seeds: one after the other, all variants of each: what stands after half of the time
            still compares by pairs.
        rival: whether maps computed from the image are trained, too.
        transfer: data sets whose held-out places every network is evaluated on.
        progress: told about every step.

    Returns:
        Rows of runs, gains, transfer and the whole network's failure signatures.

    Raises:
        ConfigError: the configuration has no NEC.
        ClnetError: as `train_run`.

    """
    variants = (*STEPS, RIVAL) if rival else STEPS
    configs = {
        (v, seed): variant_of(config, v, seed) for seed in dict.fromkeys(seeds) for v in variants
    }
    # opened first: a folder that cannot be read is told before hours of training
    others = [HeldOut(one.data, config, layout=one.layout, progress=progress) for one in transfer]
    runs = {key: trained(one, data, out / run_name(one), progress) for key, one in configs.items()}
    rows = [_row(variant, run) for (variant, _), run in runs.items()]
    transfers = [row for held_out in others for row in _transfers(held_out, runs)]
    checks = [
        one
        for (variant, seed), run in runs.items()
        if variant == STEPS[-1]
        for one in signatures_of(
            run, [row for row in transfers if (row.variant, row.seed) == (variant, seed)]
        )
    ]
    return (*rows, *gains_of(rows), *transfers, *checks)


def _row(variant: Variant, run: TrainedRun) -> AblationResult:
    return AblationResult(variant=variant, **run_fields(run, cost_of(run.config.network)))


def _transfers(
    held_out: HeldOut, runs: dict[tuple[Variant, int], TrainedRun]
) -> list[TransferResult]:
    return [
        TransferResult(
            **circumstances(),
            **network_fields(run.config.network, run.artifacts),
            **score_fields(held_out.score(load_network(run.folder))),
            data=held_out.data.resolve().name,
            layout=held_out.layout,
            seed=seed,
            variant=variant,
            own_data=run.record.data,
            own_recall_at_1=run.record.score.recall_at_1,
            own_gallery=run.record.score.gallery,
        )
        for (variant, seed), run in runs.items()
    ]
