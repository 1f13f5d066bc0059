"""Which GPU is here, asked of the driver itself, so that no CUDA package is needed to build."""

import ctypes
import uuid

from ..errors import BackendUnavailable

_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_{MAJOR,MINOR}
_NAME_BYTES = 256
_UUID_BYTES = 16


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
    driver, handle = _open(device)
    return f"{_attribute(driver, _MAJOR, handle)}.{_attribute(driver, _MINOR, handle)}"


def gpu_name(device: int = 0) -> str:
    """
    Ask the driver for a GPU's name.

    Raises:
        BackendUnavailable: as `compute_capability`.

    """
    driver, handle = _open(device)
    name = ctypes.create_string_buffer(_NAME_BYTES)
    driver.cuDeviceGetName(name, _NAME_BYTES, handle)
    return name.value.decode(errors="replace")


def gpu_uuid(device: int = 0) -> str:
    """
    Ask the driver for a GPU's identity, by which NVML finds it: "GPU-" and a UUID.

    Raises:
        BackendUnavailable: as `compute_capability`.

    """
    driver, handle = _open(device)
    identity = ctypes.create_string_buffer(_UUID_BYTES)
    driver.cuDeviceGetUuid(identity, handle)
    return f"GPU-{uuid.UUID(bytes=identity.raw)}"


def _open(device: int) -> tuple[ctypes.CDLL, ctypes.c_int]:
    driver = _driver()
    handle = ctypes.c_int()
    if driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(handle), device):
        raise BackendUnavailable(
            f"GPU {device}: the NVIDIA driver finds no such device; engine tensorrt builds on the "
            "GPU it is for; without one, build with --engine tensorrt-rtx"
        )
    return driver, handle


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
