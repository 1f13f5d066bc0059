"""The GPU a figure was measured on."""

import ctypes

from ...runtime.artifact import Artifact
from ...runtime.engine.gpu import compute_capability
from ...runtime.errors import BackendUnavailable

_NAME_BYTES = 256


class Gpu(Artifact):
    """The first GPU in CUDA's order, which is the one that backends use."""

    name: str
    """As the driver calls it."""

    compute_capability: str
    """As "8.7"."""


def this_gpu() -> Gpu | None:
    """Ask the driver; no context is made, so no memory is taken. None where there is no GPU."""
    try:
        capability = compute_capability()
    except BackendUnavailable:
        return None
    driver, handle = ctypes.CDLL("libcuda.so.1"), ctypes.c_int()
    driver.cuDeviceGet(ctypes.byref(handle), 0)
    name = ctypes.create_string_buffer(_NAME_BYTES)
    driver.cuDeviceGetName(name, _NAME_BYTES, handle)
    return Gpu(name=name.value.decode(errors="replace"), compute_capability=capability)
