"""Times as a machine gives them: noise, drift that outlasts a round, and hiccups."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.measuring.percentiles import figures
from clnet.benchmarks.records.latency_result import LatencyResult

ROUNDS, RUNS = 20, 5

TwoRuns = tuple[NDArray[np.float64], NDArray[np.float64]]


@pytest.fixture(scope="session")
def simulated_runs() -> Callable[[int, float], TwoRuns]:
    """Draw the times of A and B by a seed and B's slowdown."""
    return _simulated


def _simulated(seed: int, slowdown: float, rounds: int = ROUNDS) -> TwoRuns:
    """
    Draw two methods' times, [rounds, RUNS] each.

    Every run has lognormal noise of 4 %. The machine's mood, common to a round, drifts by 15 %;
    each method drifts by 1.5 % of its own. One run in twenty takes 1.5 to 4 times as long.
    """
    rng = np.random.default_rng(seed)
    mood = _drift(rng, rounds, 0.15)
    a, b = (
        np.exp((mood + extra + _drift(rng, rounds, 0.015))[:, None] + _noise(rng, rounds))
        for extra in (0.0, np.log1p(slowdown))
    )
    return a, b


def _drift(rng: np.random.Generator, rounds: int, size: float) -> NDArray[np.float64]:
    """An autoregression of first order, 0.5 from one round to the next."""
    steps = rng.normal(0, size * np.sqrt(1 - 0.5**2), rounds)
    drift = np.empty(rounds)
    drift[0] = rng.normal(0, size)
    for at in range(1, rounds):
        drift[at] = 0.5 * drift[at - 1] + steps[at]
    return drift


def _noise(rng: np.random.Generator, rounds: int) -> NDArray[np.float64]:
    noise = rng.normal(0, 0.04, (rounds, RUNS))
    hiccups = np.log(rng.uniform(1.5, 4, noise.shape))
    return noise + np.where(rng.random(noise.shape) < 0.05, hiccups, 0.0)


@pytest.fixture
def latency_row(machine: Machine) -> Callable[..., LatencyResult]:
    """Make a row of one run a round from its milliseconds; any field may be given."""

    def make(
        *samples_ms: float, backend: str = "openvino", precision: str = "fp32", **changes: Any
    ) -> LatencyResult:
        fields: dict[str, Any] = {
            "rounds": len(samples_ms),
            "stationary": True,
            "others_cores": 0.0,
            "threads": 2,
            "tf32": False,
            "versions": {"torch": "2.7", "onnxruntime": "1.2", "openvino": "3"},
            "machine": machine,
            "network": "toy",
            "engines": {},
            "span": "network",
            "view": "ground",
            "backend": backend,
            "precision": precision,
            "batch": 4,
            "scenario": "Offline",
            "transfers": "none",
            "clock": "host",
            "images_per_s": 1.0,
            "ratio_to_torch_eager_fp32": None,
            "ratio_to_torch_eager_bf16": None,
            "min_cosine_to_torch_eager_fp32": None,
            **figures([one / 1e3 for one in samples_ms]),
        }
        return LatencyResult.model_validate({**fields, **changes})

    return make


@pytest.fixture
def eager_row(latency_row: Callable[..., LatencyResult]) -> Callable[..., LatencyResult]:
    """The same of PyTorch eager in fp32."""

    def make(*samples_ms: float, **changes: Any) -> LatencyResult:
        return latency_row(*samples_ms, backend="torch_eager", **changes)

    return make
