"""What backends of ONNX graphs share: the graph's contract, and the checks around a run."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .closing import Closing
from .embeddings import check_unit
from .errors import ArtifactError, ShapeError
from .preprocess import Preprocess


@dataclass(frozen=True, slots=True)
class GraphTensor:
    """An input or an output, as a library read it from the file."""

    name: str
    """Its name in the graph."""

    dtype: str
    """NumPy's name of its element type, or the library's own where it is no type of ours."""

    shape: tuple[int | None, ...]
    """None where a size is free."""


class GraphBackend(Closing, ABC):
    """One branch, run by a library that takes NumPy arrays. Implements `Backend`."""

    def __init__(
        self,
        graph: Path,
        preprocess: Preprocess,
        inputs: Sequence[GraphTensor],
        outputs: Sequence[GraphTensor],
    ) -> None:
        """
        Check the contract.

        Args:
            graph: the ONNX file, for messages. It must take `images`, float32 [B, 3, H, W] or
                uint8 [B, H, W, 3], and give `embeddings` float32 [B, D]; B is free, H and W are
                those of `preprocess`.
            preprocess: how images reach the branch.
            inputs: the graph's.
            outputs: the graph's.

        Raises:
            ArtifactError: the graph does not keep the contract.

        """
        self.preprocess = preprocess
        self._takes_pixels = _takes_pixels(graph, inputs, preprocess)
        self.embedding_dim = _embedding_dim(graph, outputs)

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

    @abstractmethod
    def _run(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        """Run the graph on contiguous `images`; return [B, D] in memory of the caller's own."""

    def _given(self, images: NDArray[np.uint8]) -> NDArray[np.uint8] | NDArray[np.float32]:
        if not self._takes_pixels:
            return self.preprocess.tensor(images)
        self.preprocess.check(images)
        return np.ascontiguousarray(images)


def _takes_pixels(graph: Path, inputs: Sequence[GraphTensor], preprocess: Preprocess) -> bool:
    """Find out whether the graph takes uint8 images and normalises them itself."""
    found = {value.name: value for value in inputs}
    height, width = preprocess.height, preprocess.width
    sizes = {"float32": (3, height, width), "uint8": (height, width, 3)}
    images = found.get("images", GraphTensor("images", "nothing", ()))
    if set(found) != {"images"} or images.shape[1:] != sizes.get(images.dtype):
        raise ArtifactError(
            f"{graph}: expected input images float32 [B, 3, {height}, {width}] or uint8 "
            f"[B, {height}, {width}, 3], got {_described(inputs)}"
        )
    if images.shape[0] is not None:
        raise ArtifactError(f"{graph}: expected a free batch size, got {list(images.shape)}")
    return images.dtype == "uint8"


def _embedding_dim(graph: Path, outputs: Sequence[GraphTensor]) -> int:
    for value in outputs:
        if value.name == "embeddings" and value.dtype == "float32" and len(value.shape) == 2:
            dim = value.shape[1]
            if dim is not None:
                return dim
    raise ArtifactError(
        f"{graph}: expected output embeddings float32 [B, D], got {_described(outputs)}"
    )


def _described(tensors: Sequence[GraphTensor]) -> str:
    found = [
        f"{one.name} {one.dtype} [{', '.join('free' if n is None else str(n) for n in one.shape)}]"
        for one in tensors
    ]
    return ", ".join(found) or "none"
