"""
A GPU on the host that punishes what a real one would: for tests of the runtime without one.

Work runs when its stream is synchronized and not before. Fresh, and freed, memory is NaN. Device
addresses are no host addresses: only this device can follow them, and it checks their bounds.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from clnet.runtime.errors import DeviceFailed

Bytes = NDArray[np.uint8]
Work = Callable[[], None]

STEP_S = 0.001
"""What every copy, kernel and event takes by the device's own clock."""

_POISON = 0xFF  # four such bytes are a float32 NaN


@dataclass
class Counts:
    """Calls since the test last looked."""

    allocations: int = 0
    captures: int = 0
    launches: int = 0
    copied_bytes: int = 0


@dataclass
class SimulatedDevice:
    """Implements `Device`."""

    name: str = "simulated"
    captures: bool = True
    memory_bytes: int = 1 << 30
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self._next = 0x7F00_0000_0000
        self._memory: dict[int, Bytes] = {}
        self._pinned: dict[int, Bytes] = {}
        self._streams: dict[int, list[Work]] = {}
        self._graphs: dict[int, list[Work]] = {}
        self._events: dict[int, float | None] = {}
        self._capturing: int | None = None
        self.clock_s = 0.0

    @property
    def held(self) -> int:
        """Things taken and not given back."""
        held = (self._memory, self._pinned, self._streams, self._graphs, self._events)
        return sum(map(len, held))

    def free_bytes(self) -> int:
        return self.memory_bytes - sum(memory.nbytes for memory in self._memory.values())

    def allocate(self, size_bytes: int) -> int:
        self._not_while_capturing("cudaMalloc")
        if size_bytes > self.free_bytes():
            raise DeviceFailed("cudaMalloc", "cudaErrorMemoryAllocation", "out of memory")
        self.counts.allocations += 1
        address = self._new(size_bytes)
        self._memory[address] = np.full(size_bytes, _POISON, np.uint8)
        return address

    def free(self, address: int) -> None:
        self._memory.pop(address)[:] = _POISON

    def allocate_pinned(self, size_bytes: int) -> Bytes:
        self._not_while_capturing("cudaMallocHost")
        self.counts.allocations += 1
        memory = np.full(size_bytes, _POISON, np.uint8)
        self._pinned[memory.ctypes.data] = memory
        return memory

    def free_pinned(self, memory: Bytes) -> None:
        self._pinned.pop(memory.ctypes.data)[:] = _POISON

    def create_stream(self) -> int:
        stream = self._new(1)
        self._streams[stream] = []
        return stream

    def destroy_stream(self, stream: int) -> None:
        assert self._streams.pop(stream) == [], "a stream was destroyed with work on it"

    def synchronize(self, stream: int) -> None:
        self._not_while_capturing("cudaStreamSynchronize")
        work, self._streams[stream] = self._streams[stream], []
        for step in work:
            step()
            self.clock_s += STEP_S

    def upload(self, address: int, memory: Bytes, stream: int) -> None:
        self._copy(lambda: self.at(address, memory.nbytes), lambda: memory, stream)

    def download(self, memory: Bytes, address: int, stream: int) -> None:
        self._copy(lambda: memory, lambda: self.at(address, memory.nbytes), stream)

    def copy(self, target: int, source: int, size_bytes: int, stream: int) -> None:
        self._copy(lambda: self.at(target, size_bytes), lambda: self.at(source, size_bytes), stream)

    def capture(self, stream: int, enqueue: Work) -> int:
        assert self._streams[stream] == [], "capture began on a busy stream"
        self.counts.captures += 1
        self._capturing = stream
        try:
            enqueue()
        finally:
            self._capturing = None
        graph = self._new(1)
        self._graphs[graph], self._streams[stream] = self._streams[stream], []
        return graph

    def launch(self, graph: int, stream: int) -> None:
        self.counts.launches += 1
        self._streams[stream] += self._graphs[graph]

    def destroy_graph(self, graph: int) -> None:
        del self._graphs[graph]

    def create_event(self) -> int:
        event = self._new(1)
        self._events[event] = None
        return event

    def destroy_event(self, event: int) -> None:
        del self._events[event]

    def record(self, event: int, stream: int) -> None:
        def step() -> None:
            self._events[event] = self.clock_s

        self._events[event] = None
        self.enqueue(step, stream)

    def elapsed_s(self, start: int, end: int) -> float:
        first, last = self._events[start], self._events[end]
        if first is None or last is None:
            raise DeviceFailed("cudaEventElapsedTime", "cudaErrorNotReady", "device not ready")
        return last - first

    def enqueue(self, step: Work, stream: int) -> None:
        """Put a kernel on a stream, as the simulated TensorRT does."""
        self._streams[stream].append(step)

    def at(self, address: int, size_bytes: int) -> Bytes:
        """View device memory; an address that nobody holds is a fault."""
        for start, memory in self._memory.items():
            if start <= address and address + size_bytes <= start + memory.nbytes:
                return memory[address - start : address - start + size_bytes]
        raise AssertionError(f"illegal memory access: {size_bytes} bytes at {address:#x}")

    def host(self, address: int, size_bytes: int) -> Bytes:
        """View host memory, as TensorRT reads an input that decides shapes."""
        buffer = (ctypes.c_uint8 * size_bytes).from_address(address)
        return np.frombuffer(buffer, np.uint8)

    @property
    def capturing(self) -> bool:
        return self._capturing is not None

    def _copy(self, target: Callable[[], Bytes], source: Callable[[], Bytes], stream: int) -> None:
        def step() -> None:
            self.counts.copied_bytes += source().nbytes
            target()[:] = source()

        self.enqueue(step, stream)

    def _new(self, size_bytes: int) -> int:
        address = self._next
        self._next += (size_bytes + 4096) // 256 * 256  # never next to another: bounds show
        return address

    def _not_while_capturing(self, call: str) -> None:
        if self.capturing:
            words = "operation not permitted when stream is capturing"
            raise DeviceFailed(call, "cudaErrorStreamCaptureUnsupported", words)


class DeviceArray:
    """An array that lies on the simulated device, handed over by DLPack as torch does."""

    def __init__(
        self,
        device: SimulatedDevice,
        array: NDArray[Any],
        *,
        offset: int = 0,
        gpu: int = 0,
        order: Literal["C", "F"] = "C",
    ) -> None:
        start = device.allocate(array.nbytes + offset)
        self.free = partial(device.free, start)
        self._address, self._array, self._gpu = start + offset, np.array(array, order=order), gpu
        self.streams: list[int | None] = []
        content = np.frombuffer(array.tobytes(order), np.uint8)
        device.at(self._address, array.nbytes)[:] = content

    def __dlpack_device__(self) -> tuple[int, int]:
        return _CUDA, self._gpu

    def __dlpack__(self, *, stream: int | None = None, **_: object) -> object:
        self.streams.append(stream)
        capsule = self._array.__dlpack__()
        pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
        pointer_of.restype, pointer_of.argtypes = (
            ctypes.c_void_p,
            [ctypes.py_object, ctypes.c_char_p],
        )
        tensor = _DLTensor.from_address(pointer_of(capsule, b"dltensor"))
        tensor.data, tensor.device_type, tensor.device_id = self._address, _CUDA, self._gpu
        return capsule


class _DLTensor(ctypes.Structure):
    """The beginning of DLPack's struct, which a capsule points to."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
    )


_CUDA = 2  # kDLCUDA
