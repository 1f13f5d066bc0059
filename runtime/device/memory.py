"""What one user of a GPU holds there: memory, a stream, graphs, events. All of it goes together."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .protocol import Bytes, Device

ALIGNMENT = 256
"""Bytes that a tensor's address must be a multiple of; `Device.allocate` sees to it."""


class Mirror(NamedTuple):
    """An array in pinned host memory, and as much memory on the GPU."""

    host: NDArray[Any]
    """Zeros at first."""

    address: int
    """Where its twin lies on the GPU."""


class DeviceMemory:
    """Takes things from a GPU and gives them back, the last one first."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._owned = ExitStack()

    def stream(self) -> int:
        """Take a stream."""
        stream = self.device.create_stream()
        self._owned.callback(self.device.destroy_stream, stream)
        return stream

    def take(self, size_bytes: int) -> int:
        """Take memory and return its address."""
        address = self.device.allocate(max(size_bytes, ALIGNMENT))
        self._owned.callback(self.device.free, address)
        return address

    def mirror(self, shape: tuple[int, ...], dtype: DTypeLike) -> Mirror:
        """Take pinned host memory, and memory of its size on the GPU."""
        kind = np.dtype(dtype)
        memory = self.device.allocate_pinned(int(np.prod(shape)) * kind.itemsize)
        self._owned.callback(self.device.free_pinned, memory)
        memory[:] = 0
        return Mirror(memory.view(kind).reshape(shape), self.take(memory.nbytes))

    def graph(self, stream: int, enqueue: Callable[[], None]) -> int:
        """Record a CUDA graph."""
        graph = self.device.capture(stream, enqueue)
        self._owned.callback(self.device.destroy_graph, graph)
        return graph

    def event(self) -> int:
        """Take an event."""
        event = self.device.create_event()
        self._owned.callback(self.device.destroy_event, event)
        return event

    def close(self) -> None:
        """Give everything back; it can be used anew."""
        self._owned.close()


def bytes_of(array: NDArray[Any]) -> Bytes:
    """View a C-contiguous array as its bytes."""
    return array.reshape(-1).view(np.uint8)
