"""Read a foreign file: limits first, and nothing outside its folder."""

from dataclasses import dataclass, field
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from ...runtime.artifact import sha256_of
from ...runtime.errors import ArtifactError
from .external import load_external
from .finding import Finding

MAX_BYTES = 2**31 - 1
"""Protocol buffers end here."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is ONNX, whatever else may be wrong with it."""

    path: Path
    """Where it is."""

    sha256: str
    """Of the file alone."""

    size_bytes: int
    """Of the file alone."""

    model: onnx.ModelProto
    """As parsed, unchecked; weights in other files are loaded if they may be."""

    external: bool
    """Weights lie in other files."""

    findings: tuple[Finding, ...] = field(default=())
    """What is wrong with those other files; if anything, the model lacks weights."""

    @property
    def opset(self) -> int | None:
        """Version of ONNX's own operators."""
        versions = [one.version for one in self.model.opset_import if one.domain in ("", "ai.onnx")]
        return max(versions, default=None)


def read_source(path: Path) -> Source:
    """
    Read a file.

    Raises:
        ArtifactError: it cannot be read, is 2 GiB or more, or is no ONNX file.

    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    if size > MAX_BYTES:
        raise ArtifactError(
            f"{path}: expected less than 2 GiB, got {size} bytes: no ONNX file can be that large; "
            "keep the weights in a file beside it"
        )
    sha256 = sha256_of(path)
    model = _parse(path)
    findings, external = load_external(model, path.parent)
    return Source(path, sha256, size, model, external, tuple(findings))


def _parse(path: Path) -> onnx.ModelProto:
    try:
        model: onnx.ModelProto = onnx.ModelProto.FromString(path.read_bytes())
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    except DecodeError as error:
        raise ArtifactError(
            f"{path}: no ONNX file, or a truncated one: it does not parse; export it again"
        ) from error
    if not model.HasField("graph") or not (model.graph.node or model.graph.output):
        raise ArtifactError(f"{path}: no ONNX file: it holds no graph; export it again")
    return model
