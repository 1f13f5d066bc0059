"""Scan the gallery with the matcher's TensorRT engine, on a GPU that holds the gallery."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..batch_classes import classes_of
from ..device import Device, DeviceMemory, bytes_of, open_device
from ..engine.contract import MatcherContract
from ..engine.execution import Execution, Scratch
from ..engine.loaded import LoadedEngine
from ..engine.selection import Chosen
from ..errors import ArtifactError
from .rounding import FP32
from .scanner import Floats, Scan

SPARE_SHARE = 0.25
"""Part of the GPU's free memory that a gallery leaves free, for others and for fragments."""


@dataclass(frozen=True, slots=True)
class DeviceChunk:
    """Gallery rows on the GPU."""

    address: int
    """Where the first row lies."""

    rows: int
    """How many there are."""

    row_bytes: int
    """Size of one, in bytes."""

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, rows: slice) -> "DeviceChunk":
        start, stop, _ = rows.indices(self.rows)
        return DeviceChunk(self.address + start * self.row_bytes, stop - start, self.row_bytes)


class TensorRTScanner:
    """The matcher's engine on one stream. Implements `Scanner`; not for two threads at once."""

    rounding = FP32
    narrow_queries = 0

    def __init__(self, engine: Chosen, embedding_dim: int, *, device: Device | None = None) -> None:
        """
        Load the engine and take memory for its largest number of queries.

        Args:
            engine: what `choose_engine` chose for the matcher.
            embedding_dim: D.
            device: the GPU; None opens the first.

        Raises:
            BackendUnavailable: no driver, or a package is missing.
            ArtifactError: the engine is no such matcher, whatever its record says.
            DeviceFailed: the GPU has not the memory, or TensorRT refuses the engine.

        """
        self.embedding_dim = embedding_dim
        self._device = open_device() if device is None else device
        self._loaded = LoadedEngine(engine.path, engine.record.identity.flavour)
        try:
            MatcherContract(embedding_dim=embedding_dim).check(
                self._loaded.inputs, self._loaded.outputs
            )
        except ArtifactError as error:
            raise ArtifactError(f"{engine.path} is not what its record says: {error}") from error
        profiles = self._loaded.profiles
        self._classes = classes_of(profiles, "queries")
        self._chunk_rows = min(profile.shapes["gallery"].max[0] for profile in profiles)
        self.max_k: int | None = min(profile.values["k"].max[0] for profile in profiles)
        self._executions: dict[int, Execution] = {}
        self._memory, self._results = DeviceMemory(self._device), DeviceMemory(self._device)
        try:
            self._take_memory()
        except BaseException:
            self.close()
            raise

    @property
    def query_rows(self) -> int:
        """The largest class of queries."""
        return self._classes[-1].size

    def rows_held(self) -> int:
        """Tell how many rows the GPU's free memory takes, `SPARE_SHARE` of it left alone."""
        return int(self._device.free_bytes() * (1 - SPARE_SHARE)) // self._row_bytes

    @contextmanager
    def hold(self, block: Floats) -> Iterator[list[DeviceChunk]]:
        """See `Scanner`: the rows lie on the GPU until the context ends."""
        starts = range(0, len(block), self._chunk_rows)
        parts = [block[start : start + self._chunk_rows] for start in starts]
        held = DeviceMemory(self._device)
        try:
            # All memory first: where it ends, no copy is under way.
            chunks = [DeviceChunk(held.take(p.nbytes), len(p), self._row_bytes) for p in parts]
            for part, chunk in zip(parts, chunks, strict=True):
                self._device.upload(chunk.address, bytes_of(part), self._stream)
            self._device.synchronize(self._stream)
            yield chunks
        finally:
            held.close()

    def run(self, queries: Floats, chunk: DeviceChunk, k: int) -> Scan:
        """See `Scanner`."""
        count, size = len(queries), len(queries) * k
        if size > len(self._scores.host):
            self._take_results(size)
        self._queries.host[:count] = queries
        self._k[0] = k
        execution = self._execution(count)
        execution.shape("queries", queries.shape)
        execution.shape("gallery", (len(chunk), self.embedding_dim))
        execution.bind("gallery", chunk.address)
        execution.bind("k", self._k.ctypes.data)  # read anew at each binding
        execution.bind("scores", self._scores.address)
        execution.bind("rows", self._rows.address)
        queries_bytes = bytes_of(self._queries.host[:count])
        self._device.upload(self._queries.address, queries_bytes, self._stream)
        execution.enqueue()
        for result, numbers in ((self._scores, size), (self._rows, size), (self._probe, 1)):
            self._device.download(bytes_of(result.host[:numbers]), result.address, self._stream)
        self._device.synchronize(self._stream)
        scores, rows = (one.host[:size].reshape(count, k) for one in (self._scores, self._rows))
        return Scan(scores, rows, float(self._probe.host[0]))

    def close(self) -> None:
        """Give everything back."""
        self._executions.clear()
        self._results.close()
        self._memory.close()
        self._loaded.close()

    @property
    def _row_bytes(self) -> int:
        return self.embedding_dim * 4

    def _take_memory(self) -> None:
        self._stream = self._memory.stream()
        self._k = np.zeros(1, np.int64)
        self._queries = self._memory.mirror((self.query_rows, self.embedding_dim), np.float32)
        self._probe = self._memory.mirror((1,), np.float32)
        scratch_bytes = self._loaded.scratch_bytes()
        self._scratch = Scratch(self._memory.take(scratch_bytes), scratch_bytes)
        self._take_results(self.query_rows * 64)

    def _take_results(self, count: int) -> None:
        # Doubled, so that rising k do not allocate each time.
        self._results.close()
        size = (1 << (count - 1).bit_length(),)
        self._scores = self._results.mirror(size, np.float32)
        self._rows = self._results.mirror(size, np.int64)

    def _execution(self, queries: int) -> Execution:
        profile = next(one for one in self._classes if one.size >= queries).profile
        if profile not in self._executions:
            execution = Execution(self._loaded, profile, self._stream, self._scratch)
            execution.bind("queries", self._queries.address)
            execution.bind("probe", self._probe.address)
            self._executions[profile] = execution
        return self._executions[profile]
