"""A result is a record: one frozen row, one line of JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt, ValidationError

from ...runtime.artifact import Artifact, validation_summary
from ...runtime.atomic import file_written_aside
from ...runtime.backends import RunPrecision
from ...runtime.engine import Flavour
from ...runtime.errors import ArtifactError
from ...runtime.preprocess import View
from ..machine.machine import Machine

SCHEMA_VERSION = 3
"""What `read_lines` accepts."""

Span = Literal["network", "embed"]
"""
What a timed run covers. `network`: from a normalised batch in memory to its embeddings. `embed`:
`Backend.embed`, which a device's user calls: from [B, H, W, 3] uint8 images in the host's memory to
embeddings there; normalisation, transfers and checks are in it, decoding and resizing are not.
"""

Row = TypeVar("Row", bound="Result")


class Result(Artifact):
    """What every row says of how it came about. A figure that was not measured is None."""

    schema_version: Literal[3] = 3
    """Version of these fields; another one is refused."""

    samples: PositiveInt
    """Timed runs behind the figures."""

    rounds: PositiveInt
    """Interleaved rounds they were taken in."""

    stationary: bool
    """Whether the times settled during warm-up; if not, distrust the row."""

    others_cores: NonNegativeFloat | None
    """Cores that other processes used on average while the method ran; None where the system
    does not tell. Well above zero, distrust the row."""

    threads: PositiveInt
    """Threads the method could use."""

    tf32: bool
    """Whether FP32 products could run in TF32; never on a CPU."""

    versions: dict[str, str]
    """Packages that ran."""

    machine: Machine
    """Where they ran."""


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


class LatencyResult(Result):
    """How long one view's branch, or the pair of both, takes."""

    kind: Literal["latency"] = "latency"
    """Which table the row belongs to."""

    network: str
    """Name of the configuration or bundle."""

    configuration: dict[str, Any]
    """The network's configuration, with its image sizes."""

    artifacts: dict[str, str]
    """sha256 of each file that ran, in hexadecimal, by its role."""

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


class MatchingResult(Result):
    """How long one method takes for the top K of all queries."""

    kind: Literal["matching"] = "matching"
    """Which table the row belongs to."""

    method: str
    """What searched: `clnet` by ONNX Runtime, `clnet_openvino` in FP32, `clnet_openvino_bf16` with
    its proved scan. `product_…` is the bare product without any top K; `read` reads the gallery."""

    blas_coretype: str
    """OPENBLAS_CORETYPE of the method's process, chosen as its fastest; `unset`; or
    `not used` where the method has kernels of its own."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N, rows."""

    dim: PositiveInt
    """D."""

    k: PositiveInt
    """K of the search; a bare product has none and is repeated as it stands."""

    seed: NonNegativeInt
    """Of the vectors."""

    data: str
    """Which vectors: see `vectors.Data`."""

    median_ms: NonNegativeFloat
    """Median over the rounds, for all queries."""

    gflops: NonNegativeFloat
    """2 Q N D by the median: the product's arithmetic, 10^9 a second."""

    ratio_to_faiss_flat: NonNegativeFloat | None
    """How many times as fast as FAISS IndexFlatIP: median of the rounds' ratios."""

    ratio_to_product: NonNegativeFloat
    """Time of the best bare product by this method's: median of the rounds' ratios."""

    ratio_to_read: NonNegativeFloat | None
    """Time of this method by the time to read the gallery's bytes once with all threads: median
    of the rounds' ratios. None where there are so many queries that this is no limit."""

    peak_above_inputs_mib: float | None
    """The most memory that the method's process held beyond its queries and its gallery; the
    interpreter and the libraries are in it. None where the system does not tell."""

    identical_to_reference: bool | None
    """Whether all Q x K ids equal the float64 reference, ties in gallery order (which FAISS does
    not promise); None where there are no ids."""


def write_lines(rows: Sequence[Result], path: Path) -> None:
    """
    Write one JSON object a line, aside and renamed.

    Raises:
        ArtifactError: `path` cannot be written.

    """
    with file_written_aside(path) as aside:
        aside.write_text("".join(row.model_dump_json() + "\n" for row in rows))


def read_lines(path: Path, model: type[Row]) -> list[Row]:
    """
    Read what `write_lines` wrote.

    Args:
        path: the file.
        model: what each line is.

    Raises:
        ArtifactError: the file cannot be read, or a line is of another schema version or
            holds other keys or bad values; the line is named.

    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"cannot read {path}: {error}") from error
    return [_row(f"{path} line {n}", line, model) for n, line in enumerate(lines, start=1)]


def _row(where: str, line: str, model: type[Row]) -> Row:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise ArtifactError(f"{where}: no JSON: {error}") from error
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version != SCHEMA_VERSION:
        raise ArtifactError(
            f"{where}: schema version {version}, this clnet reads {SCHEMA_VERSION}; measure again"
        )
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        raise ArtifactError(f"{where}: {validation_summary(error)}") from error
