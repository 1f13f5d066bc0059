"""Run a branch with TensorRT, on a GPU."""

import numpy as np
from numpy.typing import NDArray

from .batch_classes import cut
from .branch_runner import BranchRunner
from .closing import Closing
from .device import Device, open_device, view_on_device
from .embeddings import check_unit
from .engine.contract import BranchContract
from .engine.inspector import inspect
from .engine.loaded import LoadedEngine
from .engine.selection import Chosen
from .errors import ArtifactError, ShapeError
from .preprocess import Preprocess
from .resident import ResidentRun

GPU = 0
"""Number of the GPU in CUDA's order; the variable CUDA_VISIBLE_DEVICES chooses another."""


class TensorRTBackend(Closing):
    """One branch as an engine on the GPU. Implements `Backend`; not for two threads at once."""

    def __init__(
        self,
        engine: Chosen,
        preprocess: Preprocess,
        embedding_dim: int,
        *,
        device: Device | None = None,
    ) -> None:
        """
        Load an engine.

        Args:
            engine: what `choose_engine` chose: one input, float32 [B, 3, H, W] or uint8
                [B, H, W, 3], to one output, float32 [B, D].
            preprocess: how images reach the branch.
            embedding_dim: D.
            device: the GPU; None opens the first.

        Raises:
            BackendUnavailable: no driver, or a package is missing.
            ArtifactError: the engine is no such branch, or not of the precision asked for,
                whatever its record says.
            DeviceFailed: the GPU has not the memory, or TensorRT refuses the engine.

        """
        self.preprocess = preprocess
        self.embedding_dim = embedding_dim
        self.record = engine.record
        """What runs, as the engine's sidecar says it."""
        device = open_device(GPU) if device is None else device
        loaded = LoadedEngine(engine.path, engine.record.identity.flavour)
        contract = BranchContract(
            height=preprocess.height, width=preprocess.width, embedding_dim=embedding_dim
        )
        try:
            contract.check(loaded.inputs, loaded.outputs)
            certificate = inspect(loaded.layers())
            if certificate is not None:
                certificate.check(engine.record.identity.precision)
        except ArtifactError as error:
            raise ArtifactError(f"{engine.path} is not what its record says: {error}") from error
        self._runner = BranchRunner(device, loaded)

    @property
    def input_dtype(self) -> str:
        """What the engine reads: "uint8" as [B, H, W, 3], "float32" as [B, 3, H, W]."""
        return self._runner.images.dtype.name

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed a batch of any size; see `Backend.embed`."""
        self._check(images)
        embeddings = np.empty((len(images), self.embedding_dim), np.float32)
        for part in cut(len(images), self._runner.classes):
            self._write(images[part.start : part.stop])
            self._runner.run(part.batch_class)
            embeddings[part.start : part.stop] = self._runner.embeddings[: part.rows]
        check_unit(f"{self.preprocess.view} embeddings", embeddings)
        return embeddings

    def embed_device(self, images: object) -> NDArray[np.float32]:
        """
        Embed a batch that lies on the GPU already; the engine reads the caller's memory.

        Args:
            images: [B, H, W, 3] uint8 RGB, or [B, 3, H, W] float32 normalised as
                `Preprocess.tensor` does: `input_dtype` says which. C-contiguous, with
                `__dlpack__` or `__cuda_array_interface__`. B ≥ 1.

        Returns:
            [B, D] float32 on the host, rows of unit length. `images` may change again.

        Raises:
            ExtraMissing: cuda-core is not installed.
            ShapeError: another dtype, shape, order or device, or B is 0.
            EmbeddingError: the network returned non-finite numbers or no unit vectors.
            DeviceFailed: the GPU failed.

        """
        one = self._runner.images[0]
        view = view_on_device(
            f"{self.preprocess.view} images",
            images,
            dtype=self.input_dtype,
            shape=one.shape,
            device=GPU,
            stream=self._runner.stream,
        )
        if view.rows == 0:
            raise ShapeError("images", "at least one image", "none")
        embeddings = np.empty((view.rows, self.embedding_dim), np.float32)
        for part in cut(view.rows, self._runner.classes):
            self._runner.run_at(view.address + part.start * one.nbytes, part)
            embeddings[part.start : part.stop] = self._runner.embeddings[: part.rows]
        check_unit(f"{self.preprocess.view} embeddings", embeddings)
        return embeddings

    def resident(self, images: NDArray[np.uint8]) -> ResidentRun:
        """See `HoldsBatches`; a batch above the largest class runs in parts, as `embed` does."""
        self._check(images)
        parts = list(cut(len(images), self._runner.classes))
        self._write(images[: self._runner.classes[-1].size])
        return self._runner.resident([part.batch_class for part in parts])

    def close(self) -> None:
        """Give the GPU's memory back; the object is of no use afterwards."""
        self._runner.close()

    def _check(self, images: NDArray[np.uint8]) -> None:
        if len(images) == 0:
            raise ShapeError("images", "at least one image", f"{list(images.shape)}")
        self.preprocess.check(images)

    def _write(self, images: NDArray[np.uint8]) -> None:
        target = self._runner.images[: len(images)]
        if target.dtype == np.uint8:
            target[:] = images
        else:
            self.preprocess.tensor(images, out=target)
