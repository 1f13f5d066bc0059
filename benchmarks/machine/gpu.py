"""The GPU a figure was measured on."""

from ...runtime.artifact import Artifact
from ...runtime.engine.gpu import compute_capability, gpu_name
from ...runtime.errors import BackendUnavailable


class Gpu(Artifact):
    """The first GPU in CUDA's order, which is the one that backends use."""

    name: str
    """As the driver calls it."""

    compute_capability: str
    """As "8.7"."""


def this_gpu() -> Gpu | None:
    """Ask the driver; no context is made, so no memory is taken. None where there is no GPU."""
    try:
        return Gpu(name=gpu_name(), compute_capability=compute_capability())
    except BackendUnavailable:
        return None
