"""A GPU through cuda-python (`cuda-bindings` 12.6 to 13)."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import BackendUnavailable, DeviceFailed
from .protocol import Bytes

_NO_DEVICE = frozenset(
    {
        "cudaErrorDevicesUnavailable",
        "cudaErrorInitializationError",
        "cudaErrorInsufficientDriver",
        "cudaErrorInvalidDevice",
        "cudaErrorNoDevice",
    }
)


class CudaPythonDevice:
    """Implements `Device` by CUDA's runtime, in the GPU's primary context."""

    name = "cuda-python"
    captures = True

    def __init__(self, index: int = 0) -> None:
        """
        Open a GPU.

        Raises:
            BackendUnavailable: no driver, or no such GPU.

        """
        try:
            from cuda.bindings import runtime
        except (ImportError, RuntimeError) as error:
            raise BackendUnavailable(f"cuda-python cannot be loaded: {error}") from error
        self._cuda: Any = runtime
        try:
            self._call("cudaSetDevice", index)
            self._call("cudaFree", 0)  # makes the context: a broken driver shows here
        except DeviceFailed as error:
            if error.code in _NO_DEVICE:
                raise BackendUnavailable(f"GPU {index} cannot be used: {error}") from error
            raise

    def free_bytes(self) -> int:
        """See `Device`."""
        free, _total = self._call("cudaMemGetInfo")
        return int(free)

    def allocate(self, size_bytes: int) -> int:
        """See `Device`."""
        return int(self._call("cudaMalloc", size_bytes))

    def free(self, address: int) -> None:
        """See `Device`."""
        self._call("cudaFree", address)

    def allocate_pinned(self, size_bytes: int) -> Bytes:
        """See `Device`."""
        address = int(self._call("cudaMallocHost", size_bytes))
        memory: Bytes = np.ctypeslib.as_array((ctypes.c_uint8 * size_bytes).from_address(address))
        return memory

    def free_pinned(self, memory: Bytes) -> None:
        """See `Device`."""
        self._call("cudaFreeHost", memory.ctypes.data)

    def create_stream(self) -> int:
        """See `Device`."""
        return int(self._call("cudaStreamCreateWithFlags", self._cuda.cudaStreamNonBlocking))

    def destroy_stream(self, stream: int) -> None:
        """See `Device`."""
        self._call("cudaStreamDestroy", stream)

    def synchronize(self, stream: int) -> None:
        """See `Device`."""
        self._call("cudaStreamSynchronize", stream)

    def upload(self, address: int, memory: Bytes, stream: int) -> None:
        """See `Device`."""
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._call("cudaMemcpyAsync", address, memory.ctypes.data, memory.nbytes, kind, stream)

    def download(self, memory: Bytes, address: int, stream: int) -> None:
        """See `Device`."""
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._call("cudaMemcpyAsync", memory.ctypes.data, address, memory.nbytes, kind, stream)

    def copy(self, target: int, source: int, size_bytes: int, stream: int) -> None:
        """See `Device`."""
        kind = self._cuda.cudaMemcpyKind.cudaMemcpyDeviceToDevice
        self._call("cudaMemcpyAsync", target, source, size_bytes, kind, stream)

    def capture(self, stream: int, enqueue: Callable[[], None]) -> int:
        """See `Device`."""
        mode = self._cuda.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        self._call("cudaStreamBeginCapture", stream, mode)
        try:
            enqueue()
        except BaseException:
            self._cuda.cudaStreamEndCapture(stream)  # the first error is the one to tell
            raise
        graph = self._call("cudaStreamEndCapture", stream)
        try:
            return int(self._call("cudaGraphInstantiate", graph, 0))
        finally:
            self._call("cudaGraphDestroy", graph)

    def launch(self, graph: int, stream: int) -> None:
        """See `Device`."""
        self._call("cudaGraphLaunch", graph, stream)

    def destroy_graph(self, graph: int) -> None:
        """See `Device`."""
        self._call("cudaGraphExecDestroy", graph)

    def create_event(self) -> int:
        """See `Device`."""
        return int(self._call("cudaEventCreate"))

    def destroy_event(self, event: int) -> None:
        """See `Device`."""
        self._call("cudaEventDestroy", event)

    def record(self, event: int, stream: int) -> None:
        """See `Device`."""
        self._call("cudaEventRecord", event, stream)

    def elapsed_s(self, start: int, end: int) -> float:
        """See `Device`."""
        return float(self._call("cudaEventElapsedTime", start, end)) / 1e3

    def _call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - results vary
        status, *results = getattr(self._cuda, name)(*arguments)
        if status != self._cuda.cudaError_t.cudaSuccess:
            raise DeviceFailed(name, _code(status), self._words(status))
        return results[0] if len(results) == 1 else results

    def _words(self, status: Any) -> str:  # noqa: ANN401 - a cudaError_t
        words = self._cuda.cudaGetErrorString(status)[1]
        return words.decode() if isinstance(words, bytes) else str(words)


def _code(status: Any) -> str:  # noqa: ANN401 - a cudaError_t, or a number that the enum lacks
    return str(getattr(status, "name", status))
