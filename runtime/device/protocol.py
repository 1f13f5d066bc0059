"""
Memory, streams and CUDA graphs of one GPU, whichever package reaches them.

Addresses, streams, graphs and events are plain integers: TensorRT takes them as such, and so two
packages can stand behind one protocol.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


class Device(Protocol):
    """One GPU. Whoever allocates frees; calls raise `DeviceFailed` with CUDA's own words."""

    name: str
    """The package behind it: "cuda-python", say."""

    captures: bool
    """Whether it records CUDA graphs; without, work is enqueued anew for each batch."""

    def free_bytes(self) -> int:
        """Tell how much memory the GPU has left."""
        ...

    def allocate(self, size_bytes: int) -> int:
        """Return the address of device memory, aligned to 256 bytes."""
        ...

    def free(self, address: int) -> None:
        """Give device memory back."""
        ...

    def allocate_pinned(self, size_bytes: int) -> Bytes:
        """Return host memory that the GPU copies from and to without a detour."""
        ...

    def free_pinned(self, memory: Bytes) -> None:
        """Give pinned memory back; no view of it may be used any more."""
        ...

    def create_stream(self) -> int:
        """Return a stream that does not wait for the default stream."""
        ...

    def destroy_stream(self, stream: int) -> None:
        """Give a stream back; its work must be done."""
        ...

    def synchronize(self, stream: int) -> None:
        """Wait for everything that was enqueued."""
        ...

    def upload(self, address: int, memory: Bytes, stream: int) -> None:
        """Enqueue a copy of host memory to the device; pinned memory lets it run beside us."""
        ...

    def download(self, memory: Bytes, address: int, stream: int) -> None:
        """Enqueue a copy from the device that fills `memory`."""
        ...

    def copy(self, target: int, source: int, size_bytes: int, stream: int) -> None:
        """Enqueue a copy from device memory to device memory."""
        ...

    def capture(self, stream: int, enqueue: Callable[[], None]) -> int:
        """Record what `enqueue` puts on a stream, without running it, as a CUDA graph."""
        ...

    def launch(self, graph: int, stream: int) -> None:
        """Enqueue a recorded graph."""
        ...

    def destroy_graph(self, graph: int) -> None:
        """Give a graph back."""
        ...

    def create_event(self) -> int:
        """Return an event that takes the GPU's time."""
        ...

    def destroy_event(self, event: int) -> None:
        """Give an event back."""
        ...

    def record(self, event: int, stream: int) -> None:
        """Enqueue the taking of the time."""
        ...

    def elapsed_s(self, start: int, end: int) -> float:
        """Tell the seconds between two events whose stream was synchronized since."""
        ...
