"""Arrays of other libraries that lie on the device already: viewed, never copied."""

from typing import Any

import numpy as np

from .errors import ExtraMissing, ShapeError


def device_address(
    name: str, array: object, *, dtype: str, shape: tuple[int, ...], device: int, stream: int
) -> tuple[int, int]:
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

    Returns:
        Its address and the length of its first dimension. `array` must live until the stream
        is done.

    Raises:
        ExtraMissing: cuda-core is not installed.
        ShapeError: no such array, or another dtype, shape, order or device.

    """
    try:
        from cuda.core.utils import StridedMemoryView
    except ModuleNotFoundError as error:
        raise ExtraMissing("cuda-core", "tensorrt") from error
    expected = f"{dtype} {['B', *shape]} on GPU {device}, C-contiguous"
    try:
        view = StridedMemoryView.from_any_interface(array, stream_ptr=stream)
    except (BufferError, TypeError, ValueError, NotImplementedError) as error:
        raise ShapeError(name, expected, f"{type(array).__name__} ({error})") from error
    if not view.is_device_accessible or view.device_id != device:
        where = f"GPU {view.device_id}" if view.is_device_accessible else "the host"
        raise ShapeError(name, expected, f"{type(array).__name__} on {where}")
    found = tuple(int(number) for number in view.shape)
    fits = view.dtype == np.dtype(dtype) and found[1:] == shape and len(found) == len(shape) + 1
    if not fits or not _is_contiguous(view, found):
        strides = f", strides {view.strides}" if view.strides else ""
        raise ShapeError(name, expected, f"{view.dtype} {list(found)}{strides}")
    return int(view.ptr), found[0]


def _is_contiguous(view: Any, shape: tuple[int, ...]) -> bool:  # noqa: ANN401 - untyped
    step = 1
    strides = view.strides or ()
    for length, stride in zip(reversed(shape), reversed(strides), strict=False):
        if length != 1 and stride != step:
            return False
        step *= length
    return True
