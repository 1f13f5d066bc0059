"""How much an embedding run holds above its backend, and whether that grows."""

from pathlib import Path

import numpy as np
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.errors import ConfigError
from ..measuring.process import Process
from .memory_worker import TRACE, MemoryJob, MemoryTrace

WORKER = "clnet.benchmarks.embedding.memory_worker"

WARM_UP_IMAGES = 1000
"""Until then memory may grow: buffers fill, libraries load, the first commits are made."""


class Memory(Artifact):
    """What one run held."""

    images: PositiveInt
    """Images embedded into a gallery."""

    above_backend_mib: float
    """Peak of its process above the peak of one that runs the backend alone: images that wait,
    the gallery's library, what waits for a commit."""

    slope_mib: float
    """Growth by 1,000 images, by a straight line through the samples after the first
    `WARM_UP_IMAGES`."""


def measure_memory(job: MemoryJob, folder: Path) -> Memory:
    """
    Embed into a scratch gallery, and run the backend alone.

    Args:
        job: the run.
        folder: takes gallery and samples.

    Raises:
        ConfigError: too few images for a slope.
        MeasurementFailed: one of both failed; its reason is quoted.

    """
    check_images(job.images)
    alone = _trace(job.model_copy(update={"images": 0}), folder / "alone")
    run = _trace(job, folder / "run")
    return Memory(
        images=job.images,
        above_backend_mib=run.peak_mib - alone.peak_mib,
        slope_mib=slope_mib(run),
    )


def check_images(images: int) -> None:
    """Raise ConfigError unless they are enough for a slope."""
    if images < 2 * WARM_UP_IMAGES:
        raise ConfigError(f"a slope needs {2 * WARM_UP_IMAGES:,} images, got {images:,}")


def slope_mib(trace: MemoryTrace) -> float:
    """Fit a straight line to the samples after the warm-up: MiB by 1,000 images."""
    images, resident = np.array(trace.images), np.array(trace.resident_mib)
    late = images > WARM_UP_IMAGES
    return float(1000 * np.polyfit(images[late], resident[late], 1)[0])


def _trace(job: MemoryJob, folder: Path) -> MemoryTrace:
    with Process(f"memory of {job.backend}", WORKER, job, folder):
        return MemoryTrace.read(folder / TRACE)
