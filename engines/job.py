"""What the build process is told and what it answers: two JSON files in a folder of its own."""

from typing import Literal

from pydantic import Field

from ..runtime.artifact import Artifact
from .certificate import Certificate
from .contract import BranchContract, TensorRecord
from .key import EngineIdentity
from .sidecar import BatchRange

REQUEST = "request.json"
ANSWER = "answer.json"
PLAN = "plan.engine"
LOG = "build.log"


class Request(Artifact):
    """One engine to build."""

    onnx: str
    """Absolute path of the graph."""

    identity: EngineIdentity
    """What to build; the graph must have its hash."""

    contract: BranchContract | None
    """The shapes to hold the graph to, or None."""


class Built(Artifact):
    """An engine lies beside the answer; `Sidecar` explains the fields."""

    capabilities: tuple[str, ...]
    """GPUs the engine runs on."""

    left_out: dict[str, str]
    """GPUs the graph does not admit, with reasons."""

    profiles: tuple[BatchRange, ...]
    """Optimization profiles."""

    inputs: tuple[TensorRecord, ...]
    """What the engine reads."""

    outputs: tuple[TensorRecord, ...]
    """What the engine returns."""

    tf32: bool
    """Read back from the builder."""

    certificate: Certificate
    """Types of the parsed network."""

    build_s: float = Field(ge=0)
    """Wall time of parsing and compiling, in seconds."""

    peak_memory_mib: float | None
    """Peak resident memory, in MiB."""


class Failure(Artifact):
    """No engine, and why."""

    kind: Literal["artifact", "backend", "build"]
    """Which error the caller shall see: ArtifactError, BackendUnavailable, BuildFailed."""

    message: str
    """The error's one line."""


class Answer(Artifact):
    """Exactly one of the two."""

    built: Built | None = None
    """The engine."""

    failure: Failure | None = None
    """The reason there is none."""
