"""Which GPU is here is asked of the driver, through its C interface."""

import ctypes

import pytest

from clnet.runtime.engine import gpu
from clnet.runtime.engine.gpu import compute_capability, gpu_name, gpu_uuid
from clnet.runtime.errors import BackendUnavailable


class Driver:
    """Knows one GPU, number 0, at handle 5."""

    def cuInit(self, flags: int) -> int:
        return flags

    def cuDeviceGet(self, handle: object, number: int) -> int:
        ctypes.cast(handle, ctypes.POINTER(ctypes.c_int))[0] = 5  # type: ignore[arg-type]
        return number

    def cuDeviceGetName(self, name: ctypes.Array[ctypes.c_char], size: int, handle: object) -> int:
        assert isinstance(handle, ctypes.c_int)
        assert (size, handle.value) == (len(name), 5)
        name.value = b"Orin"
        return 0

    def cuDeviceGetUuid(self, uuid: ctypes.Array[ctypes.c_char], handle: object) -> int:
        assert isinstance(handle, ctypes.c_int)
        assert handle.value == 5
        uuid.raw = bytes(range(16))
        return 0

    def cuDeviceGetAttribute(self, value: object, attribute: int, handle: object) -> int:
        ctypes.cast(value, ctypes.POINTER(ctypes.c_int))[0] = {75: 8, 76: 7}[attribute]  # type: ignore[arg-type]
        return 0


@pytest.fixture(autouse=True)
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu.ctypes, "CDLL", lambda name: Driver())


def test_the_driver_tells_name_capability_and_identity() -> None:
    assert (gpu_name(), compute_capability()) == ("Orin", "8.7")
    assert gpu_uuid() == "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f"


def test_a_gpu_that_is_not_there_is_said_by_number() -> None:
    with pytest.raises(BackendUnavailable, match="GPU 1: the NVIDIA driver finds no such device"):
        gpu_name(1)
