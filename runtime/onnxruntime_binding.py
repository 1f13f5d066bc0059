"""ONNX Runtime on a GPU: inputs, outputs and the gallery are bound to the device."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import ShapeError
from .onnxruntime_backend import OnnxRuntimeBackend
from .onnxruntime_session import open_session
from .preprocess import Preprocess
from .scanning.onnxruntime_scanner import matcher_dim
from .scanning.rounding import FP32
from .scanning.scanner import Floats, Scan

if TYPE_CHECKING:
    import onnxruntime

CUDA = "CUDAExecutionProvider"

Where = Literal["cuda", "cpu"]
"""Where inputs and outputs are bound; the CPU serves tests."""

MAX_BATCH = 32
"""Images in one run: the TensorRT provider builds its engine for 1 to this many."""


class BoundBackend(OnnxRuntimeBackend):
    """One branch with its tensors bound to a device. Implements `Backend`."""

    def __init__(
        self,
        graph: Path,
        preprocess: Preprocess,
        *,
        provider: str = CUDA,
        provider_options: Mapping[str, str] | None = None,
        where: Where = "cuda",
    ) -> None:
        """
        Load a graph; errors are those of `OnnxRuntimeBackend`.

        Args:
            graph: a branch's graph.
            preprocess: how images reach the branch.
            provider: the one execution provider that must run every node.
            provider_options: ONNX Runtime's options for it.
            where: the device of inputs and outputs.

        """
        options = {} if provider_options is None else {provider: provider_options}
        super().__init__(graph, preprocess, providers=[provider], provider_options=options)
        self._where = where

    def _run(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        parts = range(0, len(tensor), MAX_BATCH)
        return np.concatenate([self._run_bound(tensor[at : at + MAX_BATCH]) for at in parts])

    def resident(self, images: NDArray[np.uint8]) -> Callable[[], None]:
        """See `HoldsBatches`; ONNX Runtime keeps its stream to itself, so there are no events."""
        if len(images) == 0:
            raise ShapeError("images", "at least one image", f"{list(images.shape)}")
        tensor = self._given(images)
        parts = [tensor[at : at + MAX_BATCH] for at in range(0, len(tensor), MAX_BATCH)]
        held = [(self._held(part), part) for part in parts]  # on a CPU the array is borrowed

        def run() -> None:
            for binding, _ in held:
                self._session.run_with_iobinding(binding)
                binding.synchronize_outputs()

        return run

    def _held(self, tensor: NDArray[Any]) -> "onnxruntime.IOBinding":
        from onnxruntime import OrtValue

        binding = self._session.io_binding()
        shape = [len(tensor), self.embedding_dim]
        embeddings = OrtValue.ortvalue_from_shape_and_type(shape, np.float32, self._where, 0)
        binding.bind_ortvalue_input("images", OrtValue.ortvalue_from_numpy(tensor, self._where, 0))
        binding.bind_ortvalue_output("embeddings", embeddings)
        binding.synchronize_inputs()
        return binding

    def _run_bound(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        from onnxruntime import OrtValue

        binding = self._session.io_binding()
        binding.bind_ortvalue_input("images", OrtValue.ortvalue_from_numpy(tensor, self._where, 0))
        binding.bind_output("embeddings", self._where, 0)
        self._session.run_with_iobinding(binding)
        embeddings: NDArray[np.float32] = binding.get_outputs()[0].numpy()
        return embeddings


@dataclass(frozen=True, slots=True)
class BoundChunk:
    """Gallery rows on a device."""

    rows: Floats
    """The same rows on the host."""

    value: Any
    """Their OrtValue."""

    where: Where
    """The device."""

    @classmethod
    def of(cls, rows: Floats, where: Where) -> "BoundChunk":
        """Bring rows to a device."""
        from onnxruntime import OrtValue

        return cls(rows, OrtValue.ortvalue_from_numpy(rows, where, 0), where)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: slice) -> "BoundChunk":
        return BoundChunk.of(self.rows[rows], self.where)


class BoundScanner:
    """Scans with the CUDA provider on a gallery that the device holds. Implements `Scanner`."""

    max_k: int | None = None
    rounding = FP32
    narrow_queries = 0
    gallery_rows = 16_384
    """Gallery rows in one run."""

    query_rows = 1024
    """Queries in one run: with the gallery's rows, 64 MiB of scores."""

    def __init__(self, graph: Path, *, provider: str = CUDA, where: Where = "cuda") -> None:
        """
        Load a bundle's `matcher.onnx`; errors are those of `OnnxRuntimeScanner`.

        Args:
            graph: the file.
            provider: the one execution provider that must run every node.
            where: the device of the gallery and of the results.

        """
        self._session = open_session(graph, threads=None, providers=[provider])
        self._where = where
        self.embedding_dim = matcher_dim(graph, self._session)

    def rows_held(self) -> int | None:
        """Set no limit: ONNX Runtime does not tell how much memory is left."""
        return None

    @contextmanager
    def hold(self, block: Floats) -> Iterator[list[BoundChunk]]:
        """See `Scanner`."""
        starts = range(0, len(block), self.gallery_rows)
        blocks = [block[start : start + self.gallery_rows] for start in starts]
        yield [BoundChunk.of(one, self._where) for one in blocks]

    def run(self, queries: Floats, chunk: BoundChunk, k: int) -> Scan:
        """See `Scanner`."""
        binding = self._session.io_binding()
        binding.bind_cpu_input("queries", queries)
        binding.bind_ortvalue_input("gallery", chunk.value)
        binding.bind_cpu_input("k", np.array([k], np.int64))
        for name in ("scores", "rows", "probe"):
            binding.bind_output(name, self._where, 0)
        self._session.run_with_iobinding(binding)
        scores, rows, probe = (value.numpy() for value in binding.get_outputs())
        return Scan(scores, rows, float(probe[0]))

    def close(self) -> None:
        """Nothing to release by hand: the session goes with the object."""
