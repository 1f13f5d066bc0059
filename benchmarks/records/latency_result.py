"""The row of `clnet-bench latency`: how long a branch takes, or the pair of both."""

from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.backends import RunPrecision
from ...runtime.engine import Flavour
from ...runtime.preprocess import View
from .result import TimedResult

Span = Literal["network", "embed"]
"""
What a timed run covers. `network`: from what the graph reads, in memory, to its embeddings there;
where transfers are excluded, that is the device's memory at both ends. `embed`:
`Backend.embed`, which a device's user calls: from [B, H, W, 3] uint8 images in the host's memory to
embeddings there; normalisation, transfers and checks are in it, decoding and resizing are not.
"""

Transfers = Literal["included", "excluded", "none"]
"""Whether copies between host and device are in the times; `none` where there are none to make, on
a CPU."""

Clock = Literal["host", "cuda_events"]
"""What told the time: the host's monotonic clock around a run and the wait for it, or two events
that the GPU timed on its stream."""


class Engine(Artifact):
    """The TensorRT engine that ran, as its record names it."""

    key: str
    """Its file's name; `clnet-build --json` tells the options behind it."""

    flavour: Flavour
    """Which TensorRT."""

    version: str
    """Of the TensorRT that built it and ran it."""

    graph_sha256: str
    """Hash of the graph it was built of, in hexadecimal."""

    tf32: bool
    """Whether its FP32 products may run in TF32."""


class LatencyResult(TimedResult):
    """How long one view's branch, or the pair of both, takes."""

    kind: Literal["latency"] = "latency"
    """Which table the row belongs to."""

    network: str
    """Name of the configuration or bundle."""

    engines: dict[View, Engine]
    """The engines that ran, by view; empty for a backend that runs a graph or PyTorch."""

    span: Span
    """What a run covers; rows of different spans do not compare."""

    view: Literal[View, "pair"]
    """`pair` is one ground run followed by one satellite run: the total."""

    backend: str
    """What executed the branch."""

    precision: RunPrecision
    """Of the feature maps; the head is fp32 in all of them."""

    batch: PositiveInt
    """Images a run; in a pair, of each view."""

    scenario: Literal["SingleStream", "Offline"]
    """MLPerf's name for batch 1 and for larger ones. Not an MLPerf result."""

    transfers: Transfers
    """Whether copies between host and device are in the times."""

    clock: Clock
    """What told the time."""

    p50_ms: NonNegativeFloat
    """Median of the runs."""

    p90_ms: NonNegativeFloat | None
    """None below 10 samples."""

    p95_ms: NonNegativeFloat | None
    """None below 20 samples."""

    p99_ms: NonNegativeFloat | None
    """None below 100 samples."""

    max_ms: NonNegativeFloat
    """The slowest run."""

    images_per_s: NonNegativeFloat
    """Images of all timed runs by the sum of their times; a pair counts its two images."""

    ratio_to_torch_eager_fp32: NonNegativeFloat | None
    """How many times as fast as PyTorch eager, contiguous: median of the rounds' ratios."""

    ratio_to_torch_eager_bf16: NonNegativeFloat | None
    """The same against PyTorch eager under bf16 autocast."""

    min_cosine_to_torch_eager_fp32: float | None
    """Of the embeddings of one batch; None where the weights differ, and for the pair."""

    ratio_to_fp32_reference: NonNegativeFloat | None = None
    """How many times as fast as the run's FP32 reference, the backend onnxruntime or, where it did
    not run, the first in fp32: median of the rounds' ratios. None without a reference."""

    min_cosine_to_fp32_reference: float | None = None
    """Of the embeddings of one batch, to that reference's; a pair's is the lesser of its views."""

    peak_host_mib: NonNegativeFloat | None = None
    """The most memory that the method's process held, interpreter and libraries included; None
    where the system does not tell."""

    peak_device_mib: NonNegativeFloat | None = None
    """The same on the GPU; None without one, or where the driver does not tell."""

    energy_mj: NonNegativeFloat | None = None
    """Millijoules an embedding, idle power included, of runs of this view alone; of a pair, the
    mean of its two. None where no counter is readable."""

    energy_source: str | None = None
    """What counted, such as `nvml` or `tegrastats VDD_IN`; None without a counter."""
