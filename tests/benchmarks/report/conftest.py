"""Rows of every kind, made up."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.measuring.percentiles import figures
from clnet.benchmarks.records.accuracy_result import AccuracyResult
from clnet.benchmarks.records.comparison_result import ComparisonResult
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.result import Result
from clnet.benchmarks.records.stage_result import StageResult

Make = Callable[..., Result]


@pytest.fixture
def shared_fields(machine: Machine) -> dict[str, Any]:
    return {"versions": {"python": "4"}, "machine": machine, "artifacts": {"graph": "a" * 64}}


@pytest.fixture
def times(shared_fields: dict[str, Any]) -> Callable[[float, int], dict[str, Any]]:
    """Give the fields of a timed row around a median, in milliseconds."""

    def make(p50_ms: float, samples: int = 100) -> dict[str, Any]:
        spread = np.linspace(0.9, 1.1, samples) if samples > 1 else np.ones(1)
        return {
            **shared_fields,
            **figures([p50_ms / 1e3 * one for one in spread]),
            "rounds": 1,
            "stationary": True,
            "others_cores": 0.0,
            "threads": 2,
            "tf32": False,
        }

    return make


@pytest.fixture
def latency_row(times: Callable[[float, int], dict[str, Any]]) -> Make:
    def make(p50_ms: float = 10.0, samples: int = 100, **fields: Any) -> Result:
        row = {
            "network": "toy",
            "engines": {},
            "span": "network",
            "view": "pair",
            "backend": "onnxruntime",
            "precision": "fp32",
            "batch": 1,
            "scenario": "SingleStream",
            "transfers": "none",
            "clock": "host",
            "images_per_s": 2e3 / p50_ms,
            "ratio_to_torch_eager_fp32": 2.0,
            "ratio_to_torch_eager_bf16": None,
            "min_cosine_to_torch_eager_fp32": None,
        }
        return LatencyResult.model_validate(times(p50_ms, samples) | row | fields)

    return make


@pytest.fixture
def stage_row(times: Callable[[float, int], dict[str, Any]]) -> Make:
    def make(stage: str, p50_ms: float, **fields: Any) -> Result:
        row = {
            "network": "toy",
            "stage": stage,
            "view": "ground",
            "backend": "onnxruntime",
            "precision": "fp32",
            "batch": 1,
        }
        return StageResult.model_validate(times(p50_ms, 100) | row | fields)

    return make


@pytest.fixture
def flops_row(shared_fields: dict[str, Any]) -> Make:
    def make(network: str, module: str, macs: int, **fields: Any) -> Result:
        row = {
            "network": network,
            "benchmark": "cvusa",
            "view": "pair",
            "module": module,
            "counter": "onnx",
            "macs": macs,
            "flops": 2 * macs,
            "params": 1,
            "activation_bytes": None,
        }
        return FlopsResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def accuracy_row(shared_fields: dict[str, Any]) -> Make:
    def make(backend: str, lost: float | None, **fields: Any) -> Result:
        share = {"percent": 87.5, "low": 85.0, "high": 90.0}
        row = {
            "network": "toy",
            "data": "town",
            "layout": "cvusa",
            "protocol": "cvusa 1:1",
            "backend": backend,
            "precision": "fp32",
            "queries": 40,
            "gallery": 40,
            "recall_at": {"1": share, "5": share},
            "lost_at_1": None if lost is None else {"percent": lost, "low": -1.0, "high": 9.0},
            "moved_queries": None if lost is None else (),
            "min_cosine": None,
        }
        return AccuracyResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def comparison_row(shared_fields: dict[str, Any]) -> Make:
    def make(verdict: str, ratio: float, **fields: Any) -> Result:
        row = {
            "a": "old",
            "b": "new",
            "what": f"latency {verdict}",
            "interleaved": True,
            "blocks": 20,
            "a_ms": 10.0,
            "b_ms": 10.0 * ratio,
            "ratio": ratio,
            "low": ratio - 0.01,
            "high": ratio + 0.01,
            "margin": 0.02,
            "verdict": verdict,
        }
        return ComparisonResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def all_kinds(
    latency_row: Make,
    stage_row: Make,
    flops_row: Make,
    accuracy_row: Make,
    comparison_row: Make,
) -> Sequence[Result]:
    """What a run of every command that this report draws would give, but for the matching ones."""
    return (
        latency_row(10.0),
        latency_row(4.0, backend="openvino", ratio_to_torch_eager_fp32=5.0),
        latency_row(5.0, view="ground"),
        latency_row(40.0, batch=8, scenario="Offline"),
        stage_row("start_up", 900.0, view=None),
        stage_row("decode", 3.0),
        stage_row("embed", 5.0),
        stage_row("road", 8.0, gallery=100_000, k=10),
        flops_row("clnet-tiny", "total", 22_000_000_000),
        flops_row("clnet-tiny", "backbone.stage1", 22_000_000_000),
        flops_row("sample4geo", "total", 76_000_000_000),
        accuracy_row("torch_eager", None),
        accuracy_row("onnxruntime", 0.5),
        comparison_row("slower", 1.1),
        comparison_row("cannot tell", 1.0, low=None, high=None, blocks=1),
    )
