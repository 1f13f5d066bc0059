"""Made-up runs of the guard: what a process does to times, and what others do to them."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from clnet.benchmarks.guard.block import Block, Clocked
from clnet.benchmarks.guard.methods import EDITION, METHODS, Method, ratio_name
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.ratio_result import RatioResult

_RUNS = 24
_STEADY = 0.005
_BY_PROCESS = 0.01
_DISTURBED = 0.2


@pytest.fixture
def simulated() -> Callable[..., tuple[Block, ...]]:
    """
    Draw a run: each process shifts a cost by a per cent, every fifth run of it is disturbed, and
    on a busy machine most runs wait for a core, too.
    """

    def clocked(rng: np.random.Generator, cost_s: float, *, busy: bool) -> Clocked:
        shifted_s = cost_s * np.exp(_BY_PROCESS * rng.standard_normal())
        noise = np.abs(_STEADY * rng.standard_normal(_RUNS))
        noise += (rng.random(_RUNS) < _DISTURBED) * rng.exponential(0.3, _RUNS)
        cpu_s = shifted_s * (1 + noise)
        waited_s = (rng.random(_RUNS) < 0.7 * busy) * rng.exponential(5e-3, _RUNS)
        return Clocked(
            wall_s=tuple((cpu_s + waited_s).tolist()), cpu_s=tuple(cpu_s.tolist()), stationary=True
        )

    def draw(
        rng: np.random.Generator,
        *,
        slowed: float = 1.0,
        methods: Sequence[Method] = ("fit",),
        busy: bool = False,
    ) -> tuple[Block, ...]:
        """Slow the first of the methods."""
        return tuple(
            Block(
                methods={
                    method: clocked(rng, 4e-3 * (slowed if n == 0 else 1), busy=busy)
                    for n, method in enumerate(methods)
                },
                yardsticks={method: clocked(rng, 3e-3, busy=busy) for method in methods},
                others_cores=1.5 if busy else 0.0,
            )
            for _ in range(8)
        )

    return draw


@pytest.fixture
def row(machine: Machine) -> Callable[..., RatioResult]:
    """Make a row of a method; what is given replaces a field."""

    def make(method: Method = METHODS[0], ratio: float = 1.0, **fields: object) -> RatioResult:
        times = (1.0, 1.0)
        made = {
            "versions": {"numpy": "2"}, "machine": machine, "configuration": {"backbone": "toy"},
            "samples": 2, "rounds": 2, "samples_ms": times, "stationary": True,
            "others_cores": 0.0, "threads": 1, "tf32": False, "name": ratio_name(method),
            "edition": EDITION, "run": "2026-01-01T00:00:00Z", "ratio": ratio,
            "low": ratio / 1.01, "high": ratio * 1.01, "cpu_ms": times, "yardstick_ms": times,
            "yardstick_cpu_ms": times,
        }  # fmt: skip
        return RatioResult.model_validate({**made, **fields})

    return make


@pytest.fixture
def runs(row: Callable[..., RatioResult]) -> Callable[..., list[RatioResult]]:
    """Make committed runs of some methods, whose ratios lie about 1 by a per cent."""

    def make(count: int = 6, methods: Sequence[Method] = METHODS) -> list[RatioResult]:
        return [
            row(method, 1 + 0.01 * (n % 3 - 1), run=f"2026-01-0{n + 1}T00:00:00Z")
            for n in range(count)
            for method in methods
        ]

    return make
