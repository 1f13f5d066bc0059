"""The row of `clnet-bench embedding`: files to embeddings, and what they hold in memory."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from ...runtime.backends import RunPrecision
from ...runtime.preprocess import View
from ..embedding.memory import Memory
from .latency_result import Engine
from .result import TimedResult


class EmbeddingResult(TimedResult):
    """How fast one branch embeds image files, beside the backend alone on the same images."""

    kind: Literal["embedding"] = "embedding"
    """Which table the row belongs to."""

    network: str
    """Name of the configuration or bundle."""

    engine: Engine | None
    """The engine that ran; None for a backend that runs a graph."""

    view: View
    """The branch."""

    backend: str
    """What executed the branch."""

    precision: RunPrecision
    """Of the feature maps; the head is fp32 in all of them."""

    batch: PositiveInt
    """Images in a run of the backend."""

    images: PositiveInt
    """JPEG files in a run, all different."""

    file_width: PositiveInt
    """Pixels."""

    file_height: PositiveInt
    """Pixels."""

    file_kib: NonNegativeFloat
    """Mean size of a file, in KiB."""

    backend_images_per_s: NonNegativeFloat
    """`Backend.embed` on fitted images in memory; of the median round."""

    files_images_per_s: NonNegativeFloat
    """`embed_items`: read, decoded, resized and embedded; of the median round."""

    decode_images_per_s: NonNegativeFloat
    """Read, decoded and resized alone, on all cores; of the median round."""

    ratio_to_backend: NonNegativeFloat
    """Speed from files by the backend's alone: median of the rounds' ratios."""

    identical: bool
    """Whether both gave the same embeddings, to the bit."""

    memory: Memory | None
    """What a run into a gallery held; None where it was not measured."""
