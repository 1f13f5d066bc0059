"""Start every method several times, in turns; the first process of each lives on."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.progress import Progress
from ..latency.attempts import attempt
from ..latency.rows import Method
from ..measuring.process import Process
from .road_worker import STARTED, RoadJob, Started, StartJob

WORKER = "clnet.benchmarks.stages.road_worker"

STARTS = 3
"""Fresh processes of each method."""


@dataclass(frozen=True, slots=True)
class Starts:
    """What the starts of all methods gave."""

    of: Mapping[Method, Sequence[Started]]
    """By method that can run, one a start."""

    living: Mapping[Method, Process]
    """The process of each that has the road open."""

    notes: tuple[str, ...]
    """Which methods cannot run here, and which have no road, with the reason."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts processes of one bundle."""

    bundle: Bundle
    """What they open."""

    folder: Path
    """Takes what they leave."""

    threads: int
    """They may use."""

    road: RoadJob
    """What the first of each method shall open besides."""

    def process(self, method: Method, number: int) -> Process:
        """Describe start `number` of a method; enter it at once, for its time runs."""
        job = StartJob.model_validate(
            {
                "bundle": str(self.bundle.path),
                "backend": method.backend,
                "precision": method.precision,
                "spawned_s": time.monotonic(),
                "road": self.road if number == 0 else None,
            }
        )
        environment = {"OMP_NUM_THREADS": str(self.threads)}
        outputs = self.folder / f"{method.name} {number}"
        return Process(method.name, WORKER, job, outputs, environment)


def start_methods(
    stack: ExitStack,
    starter: Starter,
    methods: Sequence[Method],
    *,
    skip_absent: bool,
    progress: Progress,
) -> Starts:
    """
    Start each method `STARTS` times.

    Args:
        stack: takes the first process of each method.
        starter: makes the processes.
        methods: backends with their precisions.
        skip_absent: leave out what cannot run here; the notes then say why.
        progress: told about each start.

    Raises:
        MeasurementFailed: a method cannot start, or with `skip_absent` none can.

    """
    living: dict[Method, Process] = {}

    def enter(method: Method) -> None:
        living[method] = stack.enter_context(starter.process(method, 0))
        advance()

    with progress("start", None, "processes") as advance:
        absent = attempt({one: partial(enter, one) for one in methods}, skip_absent=skip_absent)
        of = {method: [_left_by(process)] for method, process in living.items()}
        for number in range(1, STARTS):
            for method, started in of.items():
                with starter.process(method, number) as process:
                    started.append(_left_by(process))
                advance()
    reasons = {method: starts[0].no_road for method, starts in of.items()}
    return Starts(
        of=of,
        living={method: process for method, process in living.items() if reasons[method] is None},
        notes=(
            *(f"not measured: {error}" for error in absent.values()),
            *(f"no road through {method.name}: {why}" for method, why in reasons.items() if why),
        ),
    )


def _left_by(process: Process) -> Started:
    return Started.read(process.outputs / STARTED)
