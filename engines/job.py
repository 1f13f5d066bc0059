"""What the build process is told and what it leaves: files in a folder of its own."""

from typing import Literal

from ..runtime.artifact import Artifact
from ..runtime.engine.contract import Contract
from ..runtime.engine.identity import EngineIdentity
from ..runtime.engine.sidecar import Built

REQUEST = "request.json"
ANSWER = "answer.json"
PLAN = "plan.engine"
TIMINGS = "timings"
RECORD = "record.json"
LOG = "build.log"


class Request(Artifact):
    """One engine to build."""

    onnx: str
    """Absolute path of the graph."""

    identity: EngineIdentity
    """What to build; the graph must have its hash."""

    contract: Contract | None
    """The tensors to hold the graph to, or None."""

    timings: str
    """Absolute path of the kernel timings of earlier builds; there may be none."""


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
