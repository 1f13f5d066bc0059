"""The stages around the branches: starts, decoding, and the road from file to position."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.cores import usable_cores
from ...runtime.preprocess import VIEWS
from ...runtime.progress import Progress, silent
from ..latency.rows import Method, Timed
from ..machine.machine import this_machine, versions_of
from ..measuring.observing import worst_of
from ..measuring.plan import Budget, plan
from ..measuring.process import Process
from ..measuring.rounds import interleave, warm_up
from ..records.stage_result import StageResult
from .images_worker import ImagesJob
from .road_worker import RoadJob
from .rows import Run, image_rows, road_rows, start_rows
from .starts import Starter, start_methods
from .surroundings import Surroundings, write_surroundings

IMAGES_WORKER = "clnet.benchmarks.stages.images_worker"

PLACES = 100_000
"""Of the gallery that is searched."""

BUDGET = Budget(seconds=2.5)
"""Few roads are enough: they differ little, and each reads the whole gallery."""

_PACKAGES = (
    "clnet", "numpy", "opencv-python-headless", "lancedb", "pyarrow", "onnxruntime",
    "onnxruntime-gpu", "openvino", "tensorrt", "cuda-bindings", "pycuda",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageReport:
    """What was measured, and what was not."""

    rows: tuple[StageResult, ...]
    """Those without a backend first; then, of each method, its starts and its road."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""


def measure_stages(
    bundle: Bundle,
    folder: Path,
    *,
    methods: Sequence[Method],
    skip_absent: bool = False,
    budget: Budget = BUDGET,
    gallery: int = PLACES,
    progress: Progress = silent,
) -> StageReport:
    """
    Time starts, decoding and resizing, and the road through each backend.

    Needs what the backends need, and no torch.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        folder: takes photographs, a gallery and what the processes leave.
        methods: backends with their precisions; each starts three times.
        skip_absent: leave out what cannot run here; the report's notes then say why. A backend
            that runs the branches and not the matcher has no road, and a note.
        budget: for all rounds; starts, warm-up and the gallery's writing come on top.
        gallery: N, places to search.
        progress: told about each start and turn.

    Raises:
        MeasurementFailed: a backend cannot run, or with `skip_absent` none can, or one failed;
            its reason is quoted.
        ArtifactError: the folder cannot be written.

    """
    around = write_surroundings(bundle, folder / "surroundings", gallery)
    run = Run(
        network=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        threads=usable_cores(),
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
        places=gallery,
    )
    road = RoadJob(photographs=str(around.photographs["ground"]), gallery=str(around.gallery))
    starter = Starter(bundle, folder, run.threads, road)
    with ExitStack() as stack:
        starts = start_methods(stack, starter, methods, skip_absent=skip_absent, progress=progress)
        images = stack.enter_context(_images(bundle, around, folder / "images"))
        processes: dict[Method | None, Process] = {None: images}
        for method, process in starts.living.items():
            processes[method] = process
        timed = _timed(processes, budget, progress)
    rows = [*image_rows(run, timed[None])]
    for method, started in starts.of.items():
        rows += start_rows(run, method, started)
        if method in timed:
            rows += road_rows(run, method, timed[method], started[0])
    return StageReport(tuple(rows), (*_notes(gallery), *starts.notes))


def _notes(gallery: int) -> tuple[str, ...]:
    return (
        "all files were in the system's cache; start_up and first_call are of fresh processes",
        f"match streams {gallery:,} random places from disk for each photograph, as clnet-match "
        "does; clnet-bench matching times a search in memory",
    )


def _images(bundle: Bundle, around: Surroundings, outputs: Path) -> Process:
    job = ImagesJob(
        preprocess={view: bundle.preprocess(view) for view in VIEWS},
        photographs={view: str(path) for view, path in around.photographs.items()},
    )
    return Process("decoding", IMAGES_WORKER, job, outputs)


def _timed(
    processes: Mapping[Method | None, Process], budget: Budget, progress: Progress
) -> dict[Method | None, Timed]:
    """Warm up, then let the processes take turns; None is the one without a backend."""
    with progress("warm up stages", len(processes), "methods") as advance:
        warm = {}
        for method, process in processes.items():
            warm[method] = warm_up(process.once_s)
            advance()
    planned = plan({method: seconds for method, (seconds, _) in warm.items()}, budget)
    turns = {method: partial(one.reply, planned.turns[method]) for method, one in processes.items()}
    with progress("measure stages", planned.rounds * len(processes), "turns") as advance:
        taken = interleave(turns, planned.rounds, advance)
    return {
        method: Timed(
            turns=[reply.times for reply in taken[method]],
            stationary=warm[method][1],
            others_cores=one.others_cores,
            conditions=worst_of([one.conditions for one in taken[method] if one.conditions]),
        )
        for method, one in processes.items()
    }
