"""What a graph must look like, whatever the file itself says."""

from pydantic import PositiveInt

from ..artifact import Artifact
from ..errors import ArtifactError

_Kind = tuple[str, tuple[int, ...]]  # dtype and shape


class TensorRecord(Artifact):
    """One input or output of an engine."""

    name: str
    """Its name in the graph."""

    dtype: str
    """TensorRT's name in lower case: float, half, uint8, int64, …"""

    shape: tuple[int, ...]
    """Its dimensions; -1 stands for one that is free, such as the batch."""


class BranchContract(Artifact):
    """The shapes that a branch promises to the runtime."""

    height: PositiveInt
    """H, rows of the input, in pixels."""

    width: PositiveInt
    """W, columns of the input, in pixels."""

    embedding_dim: PositiveInt
    """D, the length of one embedding."""

    def check(self, inputs: tuple[TensorRecord, ...], outputs: tuple[TensorRecord, ...]) -> None:
        """
        Compare with the tensors of a parsed network.

        Raises:
            ArtifactError: the graph is no branch of these shapes.

        """
        images: set[_Kind] = {
            ("float", (3, self.height, self.width)),
            ("uint8", (self.height, self.width, 3)),
        }
        _one(inputs, "input", images)
        _one(outputs, "output", {("float", (self.embedding_dim,))})


class MatcherContract(Artifact):
    """What the matcher promises: queries [Q, D], gallery [N, D], k [1] -> scores, rows, probe."""

    embedding_dim: PositiveInt
    """D, the length of one embedding."""

    def check(self, inputs: tuple[TensorRecord, ...], outputs: tuple[TensorRecord, ...]) -> None:
        """
        Compare with the tensors of a parsed network.

        Raises:
            ArtifactError: the graph is no matcher of this D.

        """
        rows = ("float", (-1, self.embedding_dim))
        _all(inputs, "inputs", {"queries": rows, "gallery": rows, "k": ("int64", (1,))})
        # How many of an output's sizes the parser can tell depends on its version: -1 for all.
        loose = tuple(
            tensor.model_copy(update={"shape": (-1,) * len(tensor.shape)}) for tensor in outputs
        )
        found = {"scores": ("float", (-1, -1)), "rows": ("int64", (-1, -1))}
        _all(loose, "outputs", {**found, "probe": ("float", (-1,))})


Contract = BranchContract | MatcherContract


def _one(tensors: tuple[TensorRecord, ...], kind: str, allowed: set[_Kind]) -> None:
    found = [(tensor.dtype, tensor.shape[1:]) for tensor in tensors]
    if len(found) == 1 and found[0] in allowed:
        return
    expected = " or ".join(f"{dtype} {['B', *shape]}" for dtype, shape in sorted(allowed))
    raise ArtifactError(
        f"the graph's {kind}: expected one, {expected}; got {_said(tensors)}; export it again"
    )


def _all(tensors: tuple[TensorRecord, ...], kind: str, expected: dict[str, _Kind]) -> None:
    found = {tensor.name: (tensor.dtype, tensor.shape) for tensor in tensors}
    if found == expected:
        return
    said = ", ".join(f"{name} {dtype} {list(shape)}" for name, (dtype, shape) in expected.items())
    raise ArtifactError(
        f"the matcher's {kind}: expected {said}; got {_said(tensors)}; export the bundle again"
    )


def _said(tensors: tuple[TensorRecord, ...]) -> str:
    told = (f"{tensor.name} {tensor.dtype} {list(tensor.shape)}" for tensor in tensors)
    return ", ".join(told) or "none"
