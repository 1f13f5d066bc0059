"""Manifests and configs: frozen pydantic models that live on disk as JSON."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import Self

from .atomic import file_written_aside
from .errors import ArtifactError

MAX_JSON_BYTES = 16 * 2**20


class Artifact(BaseModel):
    """A frozen record whose unknown keys are errors. Subclasses describe each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def write(self, path: Path) -> None:
        """Write as JSON, aside and renamed."""
        with file_written_aside(path) as aside:
            aside.write_text(self.model_dump_json(indent=2) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """
        Read what `write` wrote.

        Raises:
            ArtifactError: the file is missing, too large (16 MiB), not JSON, or holds other
                keys or bad values; the message names each key at fault.

        """
        try:
            if path.stat().st_size > MAX_JSON_BYTES:
                raise ArtifactError(f"{path}: more than {MAX_JSON_BYTES} bytes of JSON")
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
        except ValidationError as error:
            raise ArtifactError(f"{path}: {validation_summary(error)}") from error


_FINDINGS = 5
"""Findings that one line can hold."""


def validation_summary(error: ValidationError) -> str:
    """Put pydantic's first findings on one line: `key: finding; key: finding; and 8 more`."""
    findings = []
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"]) or "file"
        came = f", got {item['input']!r}" if item["type"] == "literal_error" else ""
        findings.append(f"{where}: {item['msg']}{came}")
    further = len(findings) - _FINDINGS
    more = [f"and {further} more"] if further > 0 else []
    return "; ".join([*findings[:_FINDINGS], *more])


def sha256_of(path: Path) -> str:
    """
    Hash a file, 1 MiB at a time.

    Raises:
        ArtifactError: the file cannot be read.

    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(2**20):
                digest.update(block)
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    return digest.hexdigest()
