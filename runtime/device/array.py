"""Arrays of other libraries that lie on the device already: viewed, never copied."""

from typing import Any, NamedTuple

import numpy as np

from ..errors import ExtraMissing, ShapeError

_CUDA_DEVICES = (2, 13)  # DLPack's kDLCUDA and kDLCUDAManaged


class DeviceView(NamedTuple):
    """Where another library's array lies."""

    address: int
    """Of its first element."""

    rows: int
    """Length of its first dimension."""

    owner: object
    """What keeps the memory: hold it until the work on it is done."""


def view_on_device(
    name: str, array: object, *, dtype: str, shape: tuple[int, ...], device: int, stream: int
) -> DeviceView:
    """
    Find where an array lies, and have a stream wait until it is written.

    Args:
        name: what messages call the array.
        array: anything with `__dlpack__` or `__cuda_array_interface__`, C-contiguous: a tensor of
            torch, an array of CuPy or pycuda, a frame of a decoder.
        dtype: numpy's name of the type expected.
        shape: the shape expected, without its first dimension.
        device: number of the GPU that must hold it.
        stream: the stream that will read it.

    Raises:
        ExtraMissing: cuda-core is not installed.
        ShapeError: no such array, or another dtype, shape, order or device.

    """
    try:
        from cuda.core.utils import StridedMemoryView
    except ModuleNotFoundError as error:
        raise ExtraMissing("cuda-core", "tensorrt") from error
    expected = f"{dtype} {['B', *shape]} on GPU {device}, C-contiguous"
    if not _on_some_gpu(array):
        raise ShapeError(name, expected, f"{type(array).__name__} on the host")
    try:
        view = StridedMemoryView.from_any_interface(array, stream_ptr=stream)
    except (BufferError, TypeError, ValueError, NotImplementedError) as error:
        raise ShapeError(name, expected, f"{type(array).__name__} ({error})") from error
    if view.device_id != device:
        raise ShapeError(name, expected, f"{type(array).__name__} on GPU {view.device_id}")
    found = tuple(int(number) for number in view.shape)
    fits = view.dtype == np.dtype(dtype) and found[1:] == shape and len(found) == len(shape) + 1
    if not fits or not _is_contiguous(view, found):
        strides = f", strides {view.strides}" if view.strides else ""
        raise ShapeError(name, expected, f"{view.dtype} {list(found)}{strides}")
    return DeviceView(int(view.ptr), found[0], view)


def _on_some_gpu(array: object) -> bool:
    # Asked first: an array on the host may refuse a stream in its own words.
    ask = getattr(array, "__dlpack_device__", None)
    return ask is None or int(ask()[0]) in _CUDA_DEVICES


def _is_contiguous(view: Any, shape: tuple[int, ...]) -> bool:  # noqa: ANN401 - untyped
    if 0 in shape:
        return True
    step = 1
    strides = view.strides or ()  # none where the producer says nothing: C order
    for length, stride in zip(reversed(shape), reversed(strides), strict=False):
        if length != 1 and stride != step:
            return False
        step *= length
    return True
