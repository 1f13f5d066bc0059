"""Which GPU is here, asked of the driver itself, so that no CUDA package is needed to build."""

import ctypes

from ..errors import BackendUnavailable

_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_{MAJOR,MINOR}


def compute_capability(device: int = 0) -> str:
    """
    Ask the driver for a GPU's compute capability.

    Args:
        device: the GPU's number in CUDA's order.

    Returns:
        "8.7", say.

    Raises:
        BackendUnavailable: no driver, or no such GPU.

    """
    driver = _driver()
    handle = ctypes.c_int()
    if driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(handle), device):
        raise BackendUnavailable(
            f"GPU {device}: the NVIDIA driver finds no such device; engine tensorrt builds on the "
            "GPU it is for; without one, build with --engine tensorrt-rtx"
        )
    return f"{_attribute(driver, _MAJOR, handle)}.{_attribute(driver, _MINOR, handle)}"


def _driver() -> ctypes.CDLL:
    try:
        return ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise BackendUnavailable(
            f"no NVIDIA driver ({error}); engine tensorrt builds on the GPU it is for; "
            "without one, build with --engine tensorrt-rtx"
        ) from error


def _attribute(driver: ctypes.CDLL, attribute: int, handle: ctypes.c_int) -> int:
    value = ctypes.c_int()
    driver.cuDeviceGetAttribute(ctypes.byref(value), attribute, handle)
    return value.value
