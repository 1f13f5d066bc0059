"""Times as a machine gives them: noise, drift that outlasts a round, and hiccups."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

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
