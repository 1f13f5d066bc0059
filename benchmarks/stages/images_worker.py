"""Image files to the networks' inputs: `python -m clnet.benchmarks.stages.images_worker FOLDER`."""

import sys
from pathlib import Path

from ...runtime.artifact import Artifact
from ...runtime.preprocess import Preprocess, View
from ..measuring.worker import Part, serve
from .fitting import Fitting, items_in


class ImagesJob(Artifact):
    """Which files, and which sizes they shall have."""

    preprocess: dict[View, Preprocess]
    """By view."""

    photographs: dict[View, str]
    """By view, a folder of image files."""


def part_of(view: View, stage: str) -> str:
    """Name the part that does `stage` with images of `view`."""
    return f"{view} {stage}"


def prepare(line: str) -> dict[str, Part]:
    """Make the parts `decode` and `preprocess` of each view."""
    job = ImagesJob.model_validate_json(line)
    parts: dict[str, Part] = {}
    for view, preprocess in job.preprocess.items():
        fitting = Fitting(preprocess, items_in(Path(job.photographs[view])))
        parts[part_of(view, "decode")] = fitting.decode
        parts[part_of(view, "preprocess")] = fitting.preprocess
    return parts


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
