"""Arrays of other libraries are viewed where they lie, or refused by name."""

from typing import Any

import numpy as np
import pytest
from simulated_cuda import DeviceArray, SimulatedDevice

from clnet.runtime.device import view_on_device
from clnet.runtime.errors import ExtraMissing, ShapeError

STREAM = 77


@pytest.fixture(autouse=True)
def _needs_cuda_core() -> None:
    pytest.importorskip("cuda.core", reason="zero-copy needs cuda-core: clnet[tensorrt]")


@pytest.fixture
def device() -> SimulatedDevice:
    return SimulatedDevice()


def address_of(array: object, dtype: str = "float32") -> tuple[int, int]:
    address, rows, _ = view_on_device(
        "images", array, dtype=dtype, shape=(4, 2), device=0, stream=STREAM
    )
    return address, rows


@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_the_address_and_the_count_are_the_arrays_own(device: SimulatedDevice, dtype: str) -> None:
    content = np.arange(24, dtype=dtype).reshape(3, 4, 2)
    array = DeviceArray(device, content)

    address, count = address_of(array, dtype)

    assert count == 3
    np.testing.assert_array_equal(device.at(address, 24 * content.itemsize).view(dtype), range(24))


def test_the_producer_is_told_which_stream_will_read(device: SimulatedDevice) -> None:
    array = DeviceArray(device, np.zeros((1, 4, 2), np.float32))

    address_of(array)

    assert array.streams == [STREAM]


@pytest.mark.parametrize(
    ("content", "more", "got"),
    [
        (np.zeros((3, 4, 2), np.float16), {}, r"got float16 \[3, 4, 2\]"),
        (np.zeros((3, 2, 4), np.float32), {}, r"got float32 \[3, 2, 4\]"),
        (np.zeros((4, 2), np.float32), {}, r"got float32 \[4, 2\]"),
        (np.zeros((3, 4, 2), np.float32), {"order": "F"}, r"got float32 \[3, 4, 2\], strides"),
        (np.zeros((3, 4, 2), np.float32), {"gpu": 1}, r"got DeviceArray on GPU 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_sides(
    device: SimulatedDevice, content: Any, more: dict[str, Any], got: str
) -> None:
    expected = r"images: expected float32 \['B', 4, 2\] on GPU 0, C-contiguous, "

    with pytest.raises(ShapeError, match=expected + got):
        address_of(DeviceArray(device, content, **more))


def test_an_array_on_the_host_is_refused() -> None:
    with pytest.raises(ShapeError, match="got ndarray on the host"):
        address_of(np.zeros((3, 4, 2), np.float32))


def test_a_tensor_of_torch_on_the_host_is_refused() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")

    with pytest.raises(ShapeError, match="got Tensor on the host"):
        address_of(torch.zeros(3, 4, 2))


def test_an_empty_array_has_no_rows(device: SimulatedDevice) -> None:
    assert address_of(DeviceArray(device, np.empty((0, 4, 2), np.float32)))[1] == 0


@pytest.mark.parametrize("thing", [[1.0, 2.0], "images", None, object()])
def test_what_is_no_array_is_refused(thing: object) -> None:
    with pytest.raises(ShapeError, match=f"got {type(thing).__name__}"):
        address_of(thing)


def test_without_cuda_core_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cuda.core.utils", None)

    with pytest.raises(ExtraMissing, match=r"pip install '\.\[tensorrt\]'"):
        address_of(np.zeros((3, 4, 2), np.float32))
