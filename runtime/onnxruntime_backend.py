"""Run a branch's ONNX graph with ONNX Runtime."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .graph_backend import GraphBackend, GraphTensor
from .onnxruntime_session import NO_OPTIONS, open_session
from .preprocess import Preprocess

if TYPE_CHECKING:
    import onnxruntime

CPU = "CPUExecutionProvider"

_DTYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8"}


class OnnxRuntimeBackend(GraphBackend):
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
            graph: a branch's ONNX file; see `GraphBackend`.
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
        self._session = open_session(
            graph, threads=threads, providers=providers, provider_options=provider_options
        )
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        super().__init__(graph, preprocess, _tensors(inputs), _tensors(outputs))

    def _run(self, tensor: NDArray[Any]) -> NDArray[np.float32]:
        embeddings: NDArray[np.float32] = self._session.run(["embeddings"], {"images": tensor})[0]
        return embeddings


def _tensors(values: Sequence["onnxruntime.NodeArg"]) -> list[GraphTensor]:
    return [
        GraphTensor(
            value.name,
            _DTYPES.get(value.type, value.type),
            tuple(size if isinstance(size, int) else None for size in value.shape),
        )
        for value in values
    ]
