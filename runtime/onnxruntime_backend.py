"""Run a branch's ONNX graph with ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from .embeddings import check_unit
from .errors import ArtifactError, ShapeError
from .onnxruntime_session import open_session
from .preprocess import Preprocess

if TYPE_CHECKING:
    import onnxruntime

CPU = "CPUExecutionProvider"


class OnnxRuntimeBackend:
    """One branch in an ONNX Runtime session. Implements `Backend`."""

    def __init__(
        self,
        graph: Path,
        preprocess: Preprocess,
        *,
        threads: int | None = None,
        providers: Sequence[str] = (CPU,),
    ) -> None:
        """
        Load a graph.

        Args:
            graph: ONNX file with input `images` float32 [B, 3, H, W] and output
                `embeddings` float32 [B, D]; B is free, H and W are those of `preprocess`.
            preprocess: how images reach the branch.
            threads: threads of one run; None takes the cores this process may use.
            providers: ONNX Runtime's execution providers, the preferred one first; each must
                be there. TF32 is switched off where a provider has it.

        Raises:
            ExtraMissing: onnxruntime is not installed.
            BackendUnavailable: this onnxruntime has no such provider.
            ArtifactError: the file is no such graph.

        """
        self.preprocess = preprocess
        self._session = open_session(graph, threads=threads, providers=providers)
        self.embedding_dim = _checked_dim(graph, self._session, preprocess)

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed a batch; see `Backend.embed`."""
        if len(images) == 0:
            raise ShapeError("images", "at least one image", f"{list(images.shape)}")
        tensor = self.preprocess.tensor(images)
        embeddings: NDArray[np.float32] = self._session.run(["embeddings"], {"images": tensor})[0]
        if embeddings.shape != (len(images), self.embedding_dim):
            raise ArtifactError(
                f"the {self.preprocess.view} graph declares embeddings [B, {self.embedding_dim}] "
                f"and gives {list(embeddings.shape)}; export it again"
            )
        check_unit(f"{self.preprocess.view} embeddings", embeddings)
        return embeddings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to release by hand: the session goes with the object."""


def _checked_dim(
    graph: Path, session: "onnxruntime.InferenceSession", preprocess: Preprocess
) -> int:
    found_in = {value.name: (value.type, value.shape) for value in session.get_inputs()}
    found_out = {value.name: (value.type, value.shape) for value in session.get_outputs()}
    height, width = preprocess.height, preprocess.width
    kind, shape = found_in.get("images", ("nothing", []))
    if set(found_in) != {"images"} or kind != "tensor(float)" or shape[1:] != [3, height, width]:
        raise ArtifactError(
            f"{graph}: expected input images float32 [B, 3, {height}, {width}], got {found_in}"
        )
    if isinstance(shape[0], int):
        raise ArtifactError(f"{graph}: expected a free batch size, got {shape}")
    kind, shape = found_out.get("embeddings", ("nothing", []))
    if kind != "tensor(float)" or len(shape) != 2 or not isinstance(shape[1], int):
        raise ArtifactError(f"{graph}: expected output embeddings float32 [B, D], got {found_out}")
    return int(shape[1])
