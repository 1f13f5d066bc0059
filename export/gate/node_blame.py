"""A node that the gate blames, as a record."""

from ...runtime.artifact import Artifact
from .tensor_parity import RelativeError


class NodeBlame(Artifact):
    """A node at fault."""

    graph: str
    """The file, relative to the bundle."""

    node: str
    """The node's name."""

    op_type: str
    """Its operator."""

    error_in: RelativeError
    """Largest relative error of the tensors that it reads, on the images looked at."""

    error_out: RelativeError | None
    """Largest relative error of the tensors that it writes; None if the trusted graph has none."""

    sentence: str
    """Who, and what speaks against it."""
