"""Measure one run of the guard: some processes one after another, each a block."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ...runtime.progress import Progress, silent
from ..measuring.process import Process
from .block import BLOCK, Block
from .material import Material
from .methods import Method, methods_here
from .worker import GuardJob

WORKER = "clnet.benchmarks.guard.worker"

PROCESSES = 8
"""Blocks of a run."""

RUNS = 24
"""Of each method in a block: some 5 seconds in all, beside one to start."""

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_NOTHING: Mapping[Method, float] = {}


def measure_blocks(
    material: Material,
    *,
    planted: Mapping[Method, float] = _NOTHING,
    processes: int = PROCESSES,
    runs: int = RUNS,
    progress: Progress = silent,
) -> tuple[Block, ...]:
    """
    Run every method and yardstick, on one thread each.

    One process after another, and one run after another in it: what disturbs the machine meets a
    method and its yardstick alike. One thread, because the cores of a virtual machine come and go.

    Args:
        material: files to work on.
        planted: slowdowns on purpose, by method.
        processes: blocks.
        runs: of each method in a block.
        progress: told about each process.

    Raises:
        MeasurementFailed: a method failed; the reason is quoted.

    """
    job = GuardJob(material=material, methods=methods_here(), runs=runs, planted=dict(planted))
    with TemporaryDirectory() as name, progress("guard", processes, "processes") as advance:
        blocks = []
        for n in range(processes):
            outputs = Path(name) / str(n)
            with Process("guard", WORKER, job, outputs, _ONE_THREAD):
                blocks.append(Block.read(outputs / BLOCK))
            advance()
        return tuple(blocks)
