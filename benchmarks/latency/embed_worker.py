"""One backend in its own process: `python -m clnet.benchmarks.latency.embed_worker FOLDER`."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backend import Backend
from ...runtime.backends import BackendName, RunPrecision, open_backend
from ...runtime.bundle import Bundle
from ...runtime.preprocess import VIEWS, View
from ...runtime.resident import HoldsBatches
from ..measuring.worker import Part, serve
from ..subjects.images import noise_images
from .ran import ran_of

RAN = "ran.json"
"""File in which a worker leaves what it runs."""

RESIDENT = "resident"
"""Follows a view in the name of the part that runs a batch which the device holds already."""


class EmbedJob(Artifact):
    """Which backend shall embed."""

    bundle: str
    """The bundle's folder."""

    backend: BackendName
    """What executes both branches."""

    precision: RunPrecision
    """What it computes in."""

    batch: PositiveInt
    """B, images of each view in a run."""

    resident: bool = False
    """Whether there are parts, too, that run a batch which the device holds already."""


def prepare(stack: ExitStack, outputs: Path, line: str) -> Mapping[str, Part]:
    """
    Open both branches; a part then is one call of `Backend.embed`, or one run without copies.

    Args:
        stack: closes the backends in the end; what an earlier job opened is closed first.
        outputs: folder that takes `RAN`.
        line: the job.

    Raises:
        ClnetError: as `open_backend`; no other backend takes its place.

    """
    stack.close()
    job = EmbedJob.model_validate_json(line)
    bundle = Bundle.open(Path(job.bundle))

    running: dict[View, Backend] = {
        view: stack.enter_context(open_backend(bundle, view, job.backend, job.precision))
        for view in VIEWS
    }
    ran_of(bundle, running, job.precision).write(outputs / RAN)

    def part(view: View) -> Part:
        images = noise_images(bundle.preprocess(view), job.batch)

        def run() -> NDArray[np.float32]:
            return running[view].embed(images)

        return run

    parts: dict[str, Part] = {view: part(view) for view in VIEWS}
    return {**parts, **_resident(running, job)} if job.resident else parts


def _resident(running: Mapping[View, Backend], job: EmbedJob) -> dict[str, Part]:
    return {
        f"{view} {RESIDENT}": backend.resident(noise_images(backend.preprocess, job.batch))
        for view, backend in running.items()
        if isinstance(backend, HoldsBatches)
    }


def main(outputs: Path) -> int:
    """Serve until standard input ends; return the process's exit status."""
    with ExitStack() as stack:
        return serve(partial(prepare, stack, outputs), outputs)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
