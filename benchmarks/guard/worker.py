"""All methods and yardsticks in one process: `python -m clnet.benchmarks.guard.worker FOLDER`."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import cv2
from pydantic import Field, PositiveInt

from ...runtime.artifact import Artifact
from ..measuring.contention import Watch
from ..measuring.rounds import warm_up
from ..measuring.worker import Part, serve
from .block import BLOCK, Block, Clocked, clock
from .material import Material
from .methods import Method
from .planted import slowed
from .work import Pair, Run, Work


class GuardJob(Artifact):
    """What one process shall measure."""

    material: Material
    """Files to work on."""

    methods: tuple[Method, ...]
    """Which, in their order."""

    runs: PositiveInt
    """Timed runs of each method and of each yardstick."""

    planted: dict[Method, float] = Field(default_factory=dict)
    """A slowdown on purpose, by method: each run takes this many times as long."""


def prepare(outputs: Path, line: str) -> dict[str, Part]:
    """
    Measure the job's methods, and leave a `Block` in `outputs`.

    A process takes one turn and ends: where its memory lies, which no later turn would change,
    shifts a ratio by a per cent or two, and another process draws anew.

    Args:
        outputs: folder that takes `BLOCK`.
        line: the job.

    Raises:
        ClnetError: a method cannot run.

    """
    job = GuardJob.model_validate_json(line)
    with ExitStack() as stack:
        work = Work(stack, job.material)
        pairs = {method: work.pair(method) for method in job.methods}
        for method, factor in job.planted.items():
            pairs[method] = Pair(slowed(pairs[method].method, factor), pairs[method].yardstick)
        measure(pairs, job.runs).write(outputs / BLOCK)
    return {}


def measure(pairs: Mapping[Method, Pair], runs: int) -> Block:
    """Warm everything up, then let yardsticks and methods take turns, run by run."""
    turns = [run for pair in pairs.values() for run in (pair.yardstick, pair.method)]
    settled = [warm_up(partial(_cpu_s, run))[1] for run in turns]
    watch = Watch()
    taken = [[clock(run) for run in turns] for _ in range(runs)]
    clocked = [
        Clocked(
            wall_s=tuple(one[n][0] for one in taken),
            cpu_s=tuple(one[n][1] for one in taken),
            stationary=stationary,
        )
        for n, stationary in enumerate(settled)
    ]
    return Block(
        yardsticks=dict(zip(pairs, clocked[::2], strict=True)),
        methods=dict(zip(pairs, clocked[1::2], strict=True)),
        others_cores=watch.others_cores(),
    )


def _cpu_s(run: Run) -> float:
    return clock(run)[1]


def main(outputs: Path) -> int:
    """Measure what standard input asks for; return the process's exit status."""
    cv2.setNumThreads(1)
    return serve(partial(prepare, outputs), outputs)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
