"""What makes one engine differ from another, before it is built."""

import hashlib
from typing import Literal

from pydantic import Field

from ..artifact import Artifact
from ..bundle import Part, Precision
from .config import BuildConfig
from .flavour import Flavour


class EngineIdentity(Artifact):
    """
    Everything that was asked for. Two engines of equal identity are interchangeable.

    The graph's hash covers its weights, so the parts of one bundle never collide.
    """

    schema_version: Literal[2] = 2
    """Version of this record; a change of our builder's own choices raises it."""

    onnx_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of the graph with its weights."""

    part: Part
    """What of the bundle it runs: a branch, or the matcher."""

    precision: Precision
    """What the graph must turn out to compute in; the certificate proves it."""

    flavour: Flavour
    """Which TensorRT."""

    version: str
    """Its version, as the module reports it."""

    asked_capabilities: tuple[str, ...]
    """GPUs tried, as "8.6"; the sidecar says which the graph admits."""

    config: BuildConfig
    """Builder options: a branch's or the matcher's."""

    machine: str
    """Operating system and processor that the engine runs under: "Linux x86_64"."""

    def key(self) -> str:
        """Hash the record: 32 hexadecimal digits, the engine's file name."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]
