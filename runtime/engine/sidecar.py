"""The record beside every engine: what it is, where it came from, and the proof."""

from pathlib import Path

from pydantic import NonNegativeFloat

from ..artifact import Artifact, sha256_of
from ..bundle import FileRecord
from ..errors import ArtifactError
from .certificate import Certificate
from .contract import TensorRecord
from .identity import EngineIdentity
from .profile import Profile


class Built(Artifact):
    """What the build of an engine found out."""

    capabilities: tuple[str, ...]
    """GPUs the engine runs on, as "8.6"."""

    left_out: dict[str, str]
    """GPUs the graph does not admit, each with the compiler's reason."""

    profiles: tuple[Profile, ...]
    """Optimization profiles, in the engine's order; a graph of one fixed shape has one, too."""

    inputs: tuple[TensorRecord, ...]
    """What the engine reads."""

    outputs: tuple[TensorRecord, ...]
    """What the engine returns."""

    tf32: bool
    """Whether FP32 products may run in TF32, read back from the builder."""

    certificate: Certificate
    """Which tensors are half and which are not, read from the parsed, typed network."""

    build_s: NonNegativeFloat
    """Wall time of parsing and compiling, in seconds."""

    peak_memory_mib: NonNegativeFloat | None
    """Peak resident memory of the build process, in MiB; None where the system hides it."""


class Sidecar(Built):
    """What `<key>.json` says about `<key>.engine`."""

    key: str
    """Hash of `identity`."""

    identity: EngineIdentity
    """What was asked for."""

    engine: FileRecord
    """Hash and size of the engine file."""


def engine_path(folder: Path, key: str) -> Path:
    """Locate the engine of a key."""
    return folder / f"{key}.engine"


def sidecar_path(folder: Path, key: str) -> Path:
    """Locate the record of a key."""
    return folder / f"{key}.json"


def read_verified(folder: Path, key: str) -> Sidecar:
    """
    Read an engine's record and hash the engine.

    Raises:
        ArtifactError: record or engine is missing, unreadable, truncated or another one; the
            message says how to rebuild it.

    """
    record = Sidecar.read(sidecar_path(folder, key))
    engine = engine_path(folder, key)
    remedy = "build it again: clnet-build BUNDLE --force"
    if record.key != key or record.identity.key() != key:
        raise ArtifactError(f"{sidecar_path(folder, key)} belongs to another engine; {remedy}")
    if not engine.is_file():
        raise ArtifactError(f"{engine} is missing; {remedy}")
    size_bytes = engine.stat().st_size
    if size_bytes != record.engine.size_bytes:
        expected = f"{record.engine.size_bytes} bytes"
        raise ArtifactError(f"{engine}: expected {expected}, got {size_bytes}; {remedy}")
    if sha256_of(engine) != record.engine.sha256:
        raise ArtifactError(f"{engine} is not the engine that was built; {remedy}")
    return record
