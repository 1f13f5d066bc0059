"""A backend from its start: `python -m clnet.benchmarks.stages.road_worker FOLDER`."""

import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from pydantic import NonNegativeFloat

from ...runtime.artifact import Artifact
from ...runtime.backend import Backend
from ...runtime.backends import BackendName, RunPrecision, open_backend, open_matcher
from ...runtime.bundle import Bundle
from ...runtime.errors import ClnetError
from ...runtime.preprocess import VIEWS, View
from ..latency.ran import Ran, ran_of
from ..measuring.contention import Watch
from ..measuring.worker import Part, serve
from ..subjects.images import noise_images

STARTED = "started.json"
"""File in which a worker leaves what its start took."""


class RoadJob(Artifact):
    """What the road leads through."""

    photographs: str
    """A folder of ground images."""

    gallery: str
    """Where its gallery lies."""


class StartJob(Artifact):
    """Which backend shall start."""

    bundle: str
    """The bundle's folder."""

    backend: BackendName
    """What executes both branches."""

    precision: RunPrecision
    """What it computes in."""

    spawned_s: NonNegativeFloat
    """`time.monotonic` just before the process was started; all processes share that clock."""

    road: RoadJob | None
    """What to measure afterwards; None: nothing."""


class Started(Artifact):
    """What a start took."""

    start_up_s: NonNegativeFloat
    """From before the process's start until both branches were open."""

    first_call_s: dict[View, NonNegativeFloat]
    """The first `Backend.embed` of one image, in the order of the calls."""

    others_cores: NonNegativeFloat | None
    """Cores that other processes used meanwhile, imports apart."""

    ran: Ran
    """Which files ran the branches."""

    matcher: dict[str, str]
    """sha256 of the file that searches, in hexadecimal, by its role; empty without a road."""

    no_road: str | None
    """Why there is no road, as the error says it; None where there is one or none was wanted."""


def prepare(stack: ExitStack, outputs: Path, line: str) -> dict[str, Part]:
    """
    Open both branches, call each once, leave `STARTED`; the parts then are those of the road.

    Args:
        stack: closes what was opened in the end.
        outputs: folder that takes `STARTED`.
        line: the job.

    Raises:
        ClnetError: as `open_backend`; no other backend takes its place.

    """
    watch = Watch()
    job = StartJob.model_validate_json(line)
    bundle = Bundle.open(Path(job.bundle))
    running: dict[View, Backend] = {
        view: stack.enter_context(open_backend(bundle, view, job.backend, job.precision))
        for view in VIEWS
    }
    start_up_s = time.monotonic() - job.spawned_s
    first_call_s = {view: _first_call_s(running[view]) for view in VIEWS}
    others_cores = watch.others_cores()
    parts: dict[str, Part] = {}
    matcher: dict[str, str] = {}
    no_road = None
    try:
        if job.road is not None:
            parts = _road(stack, bundle, running["ground"], job.backend, job.road)
            matcher = _matcher_file(bundle, job.backend)
    except ClnetError as error:
        no_road = str(error)
    Started(
        start_up_s=start_up_s,
        first_call_s=first_call_s,
        others_cores=others_cores,
        ran=ran_of(bundle, running, job.precision),
        matcher=matcher,
        no_road=no_road,
    ).write(outputs / STARTED)
    return parts


def _first_call_s(backend: Backend) -> float:
    images = noise_images(backend.preprocess, 1)
    start = time.perf_counter()
    backend.embed(images)
    return time.perf_counter() - start


def _road(
    stack: ExitStack, bundle: Bundle, branch: Backend, name: BackendName, job: RoadJob
) -> dict[str, Part]:
    from ...runtime.gallery import Gallery
    from .fitting import items_in
    from .road import Road

    matcher = stack.enter_context(open_matcher(bundle, name))
    gallery = Gallery.open(job.gallery)
    return Road(branch, matcher, gallery, items_in(Path(job.photographs))).parts


def _matcher_file(bundle: Bundle, name: BackendName) -> dict[str, str]:
    if name == "tensorrt":
        from ...runtime.engine.selection import choose_engine

        return {"matcher engine": choose_engine(bundle, "matcher").record.engine.sha256}
    file = bundle.matcher.relative_to(bundle.path).as_posix()
    return {"matcher graph": bundle.manifest.files[file].sha256}


def main(outputs: Path) -> int:
    """Serve until standard input ends; return the process's exit status."""
    with ExitStack() as stack:
        return serve(partial(prepare, stack, outputs), outputs)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
