"""What the gate found: `parity.json`."""

from typing import Literal

from ...runtime.artifact import Artifact
from ...runtime.bundle import Precision
from .node_blame import NodeBlame
from .parity import EmbeddingParity
from .retrieval import RetrievalParity
from .tensor_parity import TensorParity


class ParityReport(Artifact):
    """What the gate measured; `faults` is empty if and only if it passed."""

    images: Literal["held-out places", "folders", "noise"]
    """What was looked at."""

    images_sha256: str
    """Hash of those files."""

    trusted: str
    """What tensors and FP32 weights were compared with."""

    tensors: tuple[TensorParity, ...]
    """One a view and precision."""

    embeddings: tuple[EmbeddingParity, ...]
    """One a view and precision; a graph that gives no unit vectors has none."""

    retrieval: tuple[RetrievalParity, ...]
    """One a pair of query's and gallery's precision; empty where the images are no pairs."""

    faults: tuple[str, ...]
    """Every limit that was passed and every node to blame, one sentence each."""

    blame: tuple[NodeBlame, ...]
    """The nodes at fault, as data."""

    def embedding(self, precision: Precision) -> tuple[EmbeddingParity, ...]:
        """Return both views' parity at one precision."""
        return tuple(one for one in self.embeddings if one.precision == precision)

    def headline(self) -> str:
        """Put the first fault and the first node to blame on one line, and count the others."""
        first = self.faults[0]
        named = next((one.sentence for one in self.blame if one.sentence != first), "")
        others = len(self.faults) - 1 - bool(named)
        more = f"{others} more faults in the report (--json FILE)" if others else ""
        return "; ".join(part for part in (first, named, more) if part)
