"""Memory, streams and CUDA graphs of one GPU, through cuda-python or pycuda."""

from .array import view_on_device
from .memory import ALIGNMENT, DeviceMemory, bytes_of
from .opening import open_device
from .protocol import Bytes, Device

__all__ = [
    "ALIGNMENT",
    "Bytes",
    "Device",
    "DeviceMemory",
    "bytes_of",
    "open_device",
    "view_on_device",
]
