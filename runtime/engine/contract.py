"""What a branch's graph must look like, whatever the file itself says."""

from pydantic import PositiveInt

from ..artifact import Artifact
from ..errors import ArtifactError

_Kind = tuple[str, tuple[int, ...]]  # dtype and shape, the batch left out


class TensorRecord(Artifact):
    """One input or output of an engine."""

    name: str
    """Its name in the graph."""

    dtype: str
    """TensorRT's name in lower case: float, half, uint8, int64, …"""

    shape: tuple[int, ...]
    """Its dimensions; -1 stands for the batch."""


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


def _one(tensors: tuple[TensorRecord, ...], kind: str, allowed: set[_Kind]) -> None:
    found = [(tensor.dtype, tensor.shape[1:]) for tensor in tensors]
    if len(found) == 1 and found[0] in allowed:
        return
    expected = " or ".join(f"{dtype} {['B', *shape]}" for dtype, shape in sorted(allowed))
    actual = ", ".join(f"{tensor.name} {tensor.dtype} {list(tensor.shape)}" for tensor in tensors)
    raise ArtifactError(
        f"the graph's {kind}: expected one, {expected}; got {actual or 'none'}; export it again"
    )
