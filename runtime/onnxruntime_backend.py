"""Run a branch's ONNX graph with ONNX Runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .closing import Closing
from .embeddings import check_unit
from .errors import ArtifactError, ShapeError
from .onnxruntime_session import NO_OPTIONS, open_session
from .preprocess import Preprocess

if TYPE_CHECKING:
    import onnxruntime

CPU = "CPUExecutionProvider"


class OnnxRuntimeBackend(Closing):
    """One branch in an ONNX Runtime session. Implements `Backend`."""

    def __init__(
        self,
        graph: Path,
        preprocess: Preprocess,
        *,
        threads: int | None = None,
        providers: Sequence[str] = (CPU,),
        provider_options: Mapping[str, Mapping[str, str]] = NO_OPTIONS,
    ) -> None:
        """
        Load a graph.

        Args:
            graph: ONNX file with input `images`, float32 [B, 3, H, W] or uint8 [B, H, W, 3],
                and output `embeddings` float32 [B, D]; B is free, H and W are those of
                `preprocess`.
            preprocess: how images reach the branch.
            threads: threads of one run; None takes the cores this process may use.
            providers: ONNX Runtime's execution providers, the preferred one first; each must
                be there. TF32 is switched off where a provider has it.
            provider_options: see `open_session`.

        Raises:
            ExtraMissing: onnxruntime is not installed.
            BackendUnavailable: this onnxruntime has no such provider.
            ArtifactError: the file is no such graph.

        """
        self.preprocess = preprocess
        self._session = open_session(
            graph, threads=threads, providers=providers, provider_options=provider_options
        )
        self._normalises = _checked_input(graph, self._session, preprocess)
        self.embedding_dim = _checked_dim(graph, self._session)

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed a batch; see `Backend.embed`."""
        if len(images) == 0:
            raise ShapeError("images", "at least one image", f"{list(images.shape)}")
        embeddings = self._run(self._given(images))
        if embeddings.shape != (len(images), self.embedding_dim):
            raise ArtifactError(
                f"the {self.preprocess.view} graph declares embeddings [B, {self.embedding_dim}] "
                f"and gives {list(embeddings.shape)}; export it again"
            )
        check_unit(f"{self.preprocess.view} embeddings", embeddings)
        return embeddings

    def _given(self, images: NDArray[np.uint8]) -> NDArray[np.uint8] | NDArray[np.float32]:
        if not self._normalises:
            return self.preprocess.tensor(images)
        self.preprocess.check(images)
        return images

    def _run(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        embeddings: NDArray[np.float32] = self._session.run(["embeddings"], {"images": tensor})[0]
        return embeddings


def _checked_input(
    graph: Path, session: "onnxruntime.InferenceSession", preprocess: Preprocess
) -> bool:
    """Find out whether the graph takes uint8 images and normalises them itself."""
    found = {value.name: (value.type, value.shape) for value in session.get_inputs()}
    height, width = preprocess.height, preprocess.width
    kind, shape = found.get("images", ("nothing", []))
    sizes = {"tensor(float)": [3, height, width], "tensor(uint8)": [height, width, 3]}
    if set(found) != {"images"} or shape[1:] != sizes.get(kind):
        raise ArtifactError(
            f"{graph}: expected input images float32 [B, 3, {height}, {width}] or uint8 "
            f"[B, {height}, {width}, 3], got {found}"
        )
    if isinstance(shape[0], int):
        raise ArtifactError(f"{graph}: expected a free batch size, got {shape}")
    return bool(kind == "tensor(uint8)")


def _checked_dim(graph: Path, session: "onnxruntime.InferenceSession") -> int:
    found = {value.name: (value.type, value.shape) for value in session.get_outputs()}
    kind, shape = found.get("embeddings", ("nothing", []))
    if kind != "tensor(float)" or len(shape) != 2 or not isinstance(shape[1], int):
        raise ArtifactError(f"{graph}: expected output embeddings float32 [B, D], got {found}")
    return int(shape[1])
