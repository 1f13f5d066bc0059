"""A GPU through pycuda, for whoever has it. It records no CUDA graphs (inducer/pycuda#343)."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import BackendUnavailable, DeviceFailed
from .protocol import Bytes

_NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING


class PycudaDevice:
    """Implements `Device` by CUDA's driver interface, in the GPU's primary context."""

    name = "pycuda"
    captures = False

    def __init__(self, index: int = 0) -> None:
        """
        Open a GPU and make its primary context current in this thread.

        Raises:
            BackendUnavailable: pycuda cannot be loaded, or there is no driver or no such GPU.

        """
        try:
            import pycuda.driver as driver
        except (ImportError, OSError) as error:
            raise BackendUnavailable(f"pycuda cannot be loaded: {error}") from error
        self._driver: Any = driver
        try:
            driver.init()
            context = driver.Device(index).retain_primary_context()
            context.push()
        except driver.Error as error:
            raise BackendUnavailable(f"GPU {index} cannot be used: {error}") from error
        # pycuda aborts the process if it ends with a context on the stack.
        atexit.register(context.pop)
        self._memory: dict[int, Any] = {}
        self._pinned: dict[int, Any] = {}
        self._streams: dict[int, Any] = {}
        self._events: dict[int, Any] = {}

    def free_bytes(self) -> int:
        """See `Device`."""
        with _told("mem_get_info", self._driver):
            free, _total = self._driver.mem_get_info()
        return int(free)

    def allocate(self, size_bytes: int) -> int:
        """See `Device`."""
        with _told("mem_alloc", self._driver):
            memory = self._driver.mem_alloc(size_bytes)
        self._memory[int(memory)] = memory
        return int(memory)

    def free(self, address: int) -> None:
        """See `Device`."""
        with _told("free", self._driver):
            self._memory.pop(address).free()

    def allocate_pinned(self, size_bytes: int) -> Bytes:
        """See `Device`."""
        with _told("pagelocked_empty", self._driver):
            memory: Bytes = self._driver.pagelocked_empty(size_bytes, "uint8")
        self._pinned[memory.ctypes.data] = memory.base
        return memory

    def free_pinned(self, memory: Bytes) -> None:
        """See `Device`."""
        with _told("free", self._driver):
            self._pinned.pop(memory.ctypes.data).free()

    def create_stream(self) -> int:
        """See `Device`."""
        with _told("Stream", self._driver):
            stream = self._driver.Stream(_NON_BLOCKING)
        self._streams[int(stream.handle)] = stream
        return int(stream.handle)

    def destroy_stream(self, stream: int) -> None:
        """See `Device`."""
        del self._streams[stream]

    def synchronize(self, stream: int) -> None:
        """See `Device`."""
        with _told("Stream.synchronize", self._driver):
            self._streams[stream].synchronize()

    def upload(self, address: int, memory: Bytes, stream: int) -> None:
        """See `Device`."""
        with _told("memcpy_htod_async", self._driver):
            self._driver.memcpy_htod_async(address, memory, self._streams[stream])

    def download(self, memory: Bytes, address: int, stream: int) -> None:
        """See `Device`."""
        with _told("memcpy_dtoh_async", self._driver):
            self._driver.memcpy_dtoh_async(memory, address, self._streams[stream])

    def copy(self, target: int, source: int, size_bytes: int, stream: int) -> None:
        """See `Device`."""
        with _told("memcpy_dtod_async", self._driver):
            self._driver.memcpy_dtod_async(target, source, size_bytes, self._streams[stream])

    def capture(self, stream: int, enqueue: Callable[[], None]) -> int:
        """Refuse: `captures` is False."""
        raise DeviceFailed("capture", "pycuda", "pycuda records no CUDA graphs; use cuda-python")

    def launch(self, graph: int, stream: int) -> None:
        """Refuse: `captures` is False."""
        raise DeviceFailed("launch", "pycuda", "pycuda records no CUDA graphs; use cuda-python")

    def destroy_graph(self, graph: int) -> None:
        """Refuse: `captures` is False."""
        raise DeviceFailed("destroy", "pycuda", "pycuda records no CUDA graphs; use cuda-python")

    def create_event(self) -> int:
        """See `Device`."""
        with _told("Event", self._driver):
            event = self._driver.Event()
        self._events[id(event)] = event
        return id(event)

    def destroy_event(self, event: int) -> None:
        """See `Device`."""
        del self._events[event]

    def record(self, event: int, stream: int) -> None:
        """See `Device`."""
        with _told("Event.record", self._driver):
            self._events[event].record(self._streams[stream])

    def elapsed_s(self, start: int, end: int) -> float:
        """See `Device`."""
        with _told("Event.time_till", self._driver):
            return float(self._events[start].time_till(self._events[end])) / 1e3


@contextmanager
def _told(operation: str, driver: Any) -> Iterator[None]:  # noqa: ANN401 - no stubs exist
    try:
        yield
    except driver.Error as error:
        raise DeviceFailed(operation, type(error).__name__, str(error)) from error
