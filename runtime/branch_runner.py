"""A branch's engine with its memory on the GPU: one context and one CUDA graph a batch class."""

from collections.abc import Callable, Sequence

import numpy as np

from .batch_classes import BatchClass, Part, classes_of
from .device import ALIGNMENT, Device, DeviceMemory, bytes_of
from .engine.execution import Execution, Scratch
from .engine.loaded import LoadedEngine
from .resident import ResidentRun


class BranchRunner:
    """
    Runs batch classes on one stream.

    Every class shares one set of buffers, since they run one after the other. All of it is taken
    here; a class gets its context and its graph when it first runs.
    """

    def __init__(self, device: Device, loaded: LoadedEngine) -> None:
        """
        Take the memory of the largest class.

        Args:
            device: the GPU.
            loaded: a branch's engine, whose contract was checked; closed with this object.

        Raises:
            DeviceFailed: the GPU has not the memory.

        """
        self._device = device
        self._loaded = loaded
        (self._input,), (self._output,) = loaded.inputs, loaded.outputs
        self.classes = classes_of(loaded.profiles, self._input.name)
        self._runs: dict[BatchClass, Callable[[], None]] = {}
        self._captured: list[Execution] = []  # a graph needs its context's memory
        self._direct: dict[int, Execution] = {}
        self._memory = DeviceMemory(device)
        try:
            self._take_memory()
        except BaseException:
            self.close()
            raise

    def _take_memory(self) -> None:
        memory, rows = self._memory, self.classes[-1].size
        self.stream = memory.stream()
        """What everything runs on."""
        dtype = "float32" if self._input.dtype == "float" else self._input.dtype
        self.images, self._images_at = memory.mirror((rows, *self._input.shape[1:]), dtype)
        """Pinned host memory to write a batch into: [largest class, …] of the engine's dtype."""
        shape = (rows, *self._output.shape[1:])
        self.embeddings, self._embeddings_at = memory.mirror(shape, np.float32)
        """Pinned host memory that a run fills: [largest class, D] float32."""
        scratch_bytes = self._loaded.scratch_bytes()
        self._scratch = Scratch(memory.take(scratch_bytes), scratch_bytes)

    def run(self, batch_class: BatchClass) -> None:
        """Run the rows of `images` that a class takes, and wait for `embeddings`."""
        if batch_class not in self._runs:
            self._runs[batch_class] = self._prepare(batch_class)
        self._runs[batch_class]()
        self._device.synchronize(self.stream)

    def run_at(self, address: int, part: Part) -> None:
        """
        Run rows that lie on the GPU already, and wait for `embeddings`.

        They are read in place. Only rows that TensorRT cannot read there are copied, on the GPU:
        at an address that is not aligned, or fewer than a profile takes.
        """
        profile = part.batch_class.profile
        least = self._loaded.profiles[profile].shapes[self._input.name].min[0]
        if address % ALIGNMENT or part.rows < least:
            size_bytes = part.rows * self.images[0].nbytes
            self._device.copy(self._images_at, address, size_bytes, self.stream)
            address = self._images_at
        if profile not in self._direct:
            self._direct[profile] = self._context(profile)
        execution = self._direct[profile]
        execution.shape(self._input.name, (max(part.rows, least), *self._input.shape[1:]))
        execution.bind(self._input.name, address)
        execution.enqueue()
        self._download(part.rows)
        self._device.synchronize(self.stream)

    def resident(self, batch_classes: Sequence[BatchClass]) -> ResidentRun:
        """
        Bring `images` to the GPU and prepare runs of the network alone, one after the other.

        Every class reads the first rows of the same memory, which the next `run` overwrites: such
        runs are good for their time, and their embeddings stay on the GPU.
        """
        self._device.upload(self._images_at, bytes_of(self.images), self.stream)
        self._device.synchronize(self.stream)
        alone = {one: self._alone(one) for one in batch_classes}
        events = (self._memory.event(), self._memory.event())
        return ResidentRun(
            self._device, self.stream, events, tuple(alone[one] for one in batch_classes)
        )

    def close(self) -> None:
        """Give everything back."""
        self._runs.clear()
        self._captured.clear()
        self._direct.clear()
        self._memory.close()
        self._loaded.close()

    def _alone(self, batch_class: BatchClass) -> Callable[[], None]:
        execution = self._execution(batch_class)
        return self._recorded(execution, execution.enqueue)

    def _prepare(self, batch_class: BatchClass) -> Callable[[], None]:
        execution = self._execution(batch_class)

        def enqueue() -> None:
            images = self.images[: batch_class.size]
            self._device.upload(self._images_at, bytes_of(images), self.stream)
            execution.enqueue()
            self._download(batch_class.size)

        return self._recorded(execution, enqueue)

    def _execution(self, batch_class: BatchClass) -> Execution:
        execution = self._context(batch_class.profile)
        execution.shape(self._input.name, (batch_class.size, *self._input.shape[1:]))
        execution.bind(self._input.name, self._images_at)
        return execution

    def _recorded(self, execution: Execution, enqueue: Callable[[], None]) -> Callable[[], None]:
        if not self._device.captures:
            return enqueue
        # The first run of a shape settles kernels and memory, which cannot be recorded.
        enqueue()
        self._device.synchronize(self.stream)
        graph = self._memory.graph(self.stream, enqueue)
        self._captured.append(execution)
        return lambda: self._device.launch(graph, self.stream)

    def _context(self, profile: int) -> Execution:
        execution = Execution(self._loaded, profile, self.stream, self._scratch)
        execution.bind(self._output.name, self._embeddings_at)
        return execution

    def _download(self, rows: int) -> None:
        self._device.download(bytes_of(self.embeddings[:rows]), self._embeddings_at, self.stream)
