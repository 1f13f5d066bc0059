"""Failure signatures: met, not met, not measured."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")
pytest.importorskip("safetensors", reason="safetensors is not installed")

from clnet.benchmarks.experiments.runs import RunRecord, TrainedRun
from clnet.benchmarks.experiments.signatures import signatures_of
from clnet.benchmarks.experiments.variants import variant_of
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.ablation_result import TransferResult
from clnet.runtime.ranking import Recall
from clnet.training.checkpoint import save_checkpoint
from clnet.training.network import CLNet
from clnet.training.train_config import TrainConfig

SMALL = {
    "backbone": "convnext_atto",
    "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 8, 8, 8]},
    "ground": {"view": "ground", "height": 32, "width": 128},
    "satellite": {"view": "satellite", "height": 64, "width": 64},
}
CONFIG = TrainConfig.model_validate({"network": SMALL, "steps": 1})


def run_with(
    folder: Path,
    recall_at_1: float,
    floor: float | None,
    *,
    nec_scale: float = 1.0,
    config: TrainConfig = CONFIG,
) -> TrainedRun:
    """A run with weights as at the start, NEC's last layer scaled, and a made-up score."""
    network = CLNet(config.network)
    if nec_scale != 1:
        last: Any = network.get_submodule("maps.0.converter.layers.2")
        last.weight.data.mul_(nec_scale)
    save_checkpoint(folder, network, 1)
    score = Recall(
        queries=100, gallery=100, recall_at_1=recall_at_1, recall_at_5=100.0, recall_at_10=100.0,
        recall_at_1_percent=100.0,
    )  # fmt: skip
    return TrainedRun(
        folder,
        config,
        RunRecord(data="a", held_out_sha256="", score=score, linear_floor_at_1=floor),
    )


def transfer(machine: Machine, recall_at_1: float, own: float) -> TransferResult:
    fields: dict[str, Any] = {
        "versions": {}, "machine": machine, "data": "b", "layout": "cvact", "seed": 0,
        "queries": 100, "gallery": 100, "recall_at_1": recall_at_1, "recall_at_5": 100.0,
        "recall_at_10": 100.0, "variant": "nec", "own_data": "a", "own_recall_at_1": own,
        "own_gallery": 100,
    }  # fmt: skip
    return TransferResult.model_validate(fields)


def verdicts(run: TrainedRun, *transfers: TransferResult) -> list[str]:
    return [one.verdict for one in signatures_of(run, transfers)]


@pytest.mark.parametrize("nec_scale", [0.01, 100.0])
def test_a_flat_or_wild_nec_below_the_floor_is_met(tmp_path: Path, nec_scale: float) -> None:
    assert verdicts(run_with(tmp_path, 5.0, 50.0, nec_scale=nec_scale))[0] == "met"


def test_a_flat_nec_above_the_floor_is_not_met(tmp_path: Path) -> None:
    assert verdicts(run_with(tmp_path, 60.0, 50.0, nec_scale=0.01))[0] == "not met"


def test_without_a_floor_or_without_nec_nothing_is_measured(tmp_path: Path) -> None:
    without_nec = variant_of(CONFIG, "maps", 0)

    assert verdicts(run_with(tmp_path / "a", 5.0, None))[0] == "not measured"
    assert verdicts(run_with(tmp_path / "b", 5.0, 50.0, config=without_nec))[0] == "not measured"


@pytest.mark.parametrize(
    ("recall_at_1", "own", "verdict"),
    [(30.0, 80.0, "met"), (40.0, 80.0, "not met"), (1.0, 2.0, "not measured")],
)
def test_transfer_is_judged_by_its_share_of_what_was_learned(
    tmp_path: Path, machine: Machine, recall_at_1: float, own: float, verdict: str
) -> None:
    run = run_with(tmp_path, own, 50.0)

    assert verdicts(run, transfer(machine, recall_at_1, own))[1] == verdict
    assert verdicts(run)[1] == "not measured"


@pytest.mark.slow
def test_macs_are_held_to_the_claim_at_equal_image_sizes(tmp_path: Path) -> None:
    base = CONFIG.network.model_copy(update={"backbone": "convnext_base", "backbone_options": {}})

    light = signatures_of(run_with(tmp_path / "a", 60.0, 50.0))[2]
    heavy = run_with(tmp_path / "b", 60.0, 50.0)
    heavy = TrainedRun(heavy.folder, CONFIG.changed(network=base), heavy.record)

    assert light.verdict == "not met"
    assert light.figures["saving"] > 0.99
    assert verdicts(heavy)[2] == "met"
