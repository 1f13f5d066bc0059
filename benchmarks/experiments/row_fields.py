"""Fields that rows of several experiments share, from what they are taken of."""

from collections.abc import Mapping
from typing import Any

from ...runtime.ranking import Recall
from ...training.config import NetworkConfig
from ..machine.machine import this_machine, versions_of
from .cost import Cost
from .runs import TrainedRun

_PACKAGES = ("clnet", "numpy", "timm", "torch")


def circumstances() -> dict[str, Any]:
    """Return the machine and the versions, of every row."""
    return {"machine": this_machine(), "versions": versions_of(_PACKAGES)}


def network_fields(network: NetworkConfig, artifacts: Mapping[str, str]) -> dict[str, Any]:
    """Return what network it was."""
    return {"configuration": network.model_dump(mode="json"), "artifacts": dict(artifacts)}


def score_fields(score: Recall) -> dict[str, Any]:
    """Return the recalls of a row."""
    return {
        "queries": score.queries,
        "gallery": score.gallery,
        "recall_at_1": score.recall_at_1,
        "recall_at_5": score.recall_at_5,
        "recall_at_10": score.recall_at_10,
    }


def run_fields(run: TrainedRun, cost: Cost) -> dict[str, Any]:
    """Return all that a `RunResult` says, without what a subclass adds."""
    config, record = run.config, run.record
    return {
        **circumstances(),
        **network_fields(config.network, run.artifacts),
        **score_fields(record.score),
        "data": record.data,
        "layout": config.layout,
        "seed": config.seed,
        "floor_at_1": record.linear_floor_at_1,
        "steps": run.steps,
        "seconds": record.seconds,
        "final_loss": run.final_loss,
        "pair_macs": cost.pair_macs,
        "params": cost.params,
    }
