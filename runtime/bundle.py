"""
A bundle: the directory that holds everything to run one network.

    manifest.json                       what this is, and the hash of every file below
    ground/, satellite/                 model.fp32.onnx  [model.fp16.onnx]  preprocess.json
                                        engines/<key>.engine + <key>.json  (come and go)
    matcher.onnx                        exact top-K; its engines lie in matcher/engines/
    parity.json  certificate.json       the proofs that were made at export
"""

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import Field, PositiveInt, ValidationError, field_validator

from .artifact import Artifact, sha256_of
from .errors import ArtifactError
from .preprocess import Preprocess, View

MANIFEST = "manifest.json"

Precision = Literal["fp32", "fp16"]

InputType = Literal["float32", "uint8"]

Part = Literal["ground", "satellite", "matcher"]
"""What of a bundle an engine runs."""
PARTS: tuple[Part, Part, Part] = ("ground", "satellite", "matcher")


class FileRecord(Artifact):
    """What a file of the bundle must be."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Hash of the bytes, in hexadecimal."""

    size_bytes: int = Field(ge=0)
    """Length of the file."""


class Manifest(Artifact):
    """The bundle's table of contents, and what its embeddings may be compared with."""

    schema_version: Literal[1] = 1
    """Version of this layout; another one is refused."""

    embedding_space_id: str = Field(pattern=r"^[0-9a-f]{16,64}$")
    """Hash of weights, preprocessing and head: embeddings compare only if it is equal."""

    embedding_dim: PositiveInt
    """D, the length of one embedding."""

    precision: Precision
    """The graph that runs by default: the most reduced one whose gate passed."""

    input: InputType = "float32"
    """
    What the graphs take: float32 [B, 3, H, W], normalised, or uint8 [B, H, W, 3] as decoded and
    resized, which they normalise themselves. Embeddings are the same.
    """

    network: dict[str, Any]
    """The network's configuration, as the checkpoint holds it."""

    source_checkpoint_sha256: str
    """Hash of the weights file that was exported."""

    opset: PositiveInt
    """ONNX operator set of the graphs."""

    retrieval: Literal["measured", "not measured"]
    """Whether the gate saw paired images and so could count lost queries."""

    versions: dict[str, str]
    """Versions of the packages that wrote the bundle."""

    files: dict[str, FileRecord]
    """Every file that never changes, by its path relative to the bundle."""

    @field_validator("files")
    @classmethod
    def _paths_stay_inside(cls, files: dict[str, FileRecord]) -> dict[str, FileRecord]:
        for name in files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise ValueError(f"{name!r} leaves the bundle")
        return files


def space_id(weights_sha256: str, network: dict[str, Any]) -> str:
    """
    Hash what decides an embedding: weights, and a network's config with its preprocessing.

    The panorama contract is left out. It says what a picture shows, not how the network sees it,
    so stating it later keeps old galleries.

    Args:
        weights_sha256: of the checkpoint's weights.
        network: the config as JSON values.

    Returns:
        32 hexadecimal digits.

    """
    seen = {
        name: {key: one for key, one in part.items() if key != "panorama"}
        if isinstance(part, dict)
        else part
        for name, part in network.items()
    }
    text = f"{weights_sha256}\n{json.dumps(seen, sort_keys=True)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Bundle:
    """A bundle on disk whose files are what its manifest says."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path) -> "Bundle":
        """
        Open a bundle and hash every file it lists.

        Raises:
            ArtifactError: not a bundle, another schema version, or a file that is missing,
                a link, or not the one that was exported; all such files are named.

        """
        if not (path / MANIFEST).is_file():
            raise ArtifactError(
                f"{path} is no bundle: it holds no {MANIFEST}; make one with clnet-export"
            )
        bundle = cls(path, Manifest.read(path / MANIFEST))
        problems = bundle.problems()
        if problems:
            raise ArtifactError(f"{path} is damaged: {'; '.join(problems)}; export it again")
        return bundle

    def problems(self) -> list[str]:
        """List the files that differ from the manifest, one short sentence each."""
        found = []
        for name, record in self.manifest.files.items():
            file = self.path / name
            if not file.is_file() or file.is_symlink():
                found.append(f"{name} is missing")
            elif file.stat().st_size != record.size_bytes or sha256_of(file) != record.sha256:
                found.append(f"{name} is not the file that was exported")
        return found

    def graph(self, view: View, precision: Precision | None = None) -> Path:
        """
        Locate a branch's ONNX graph.

        Args:
            view: the branch.
            precision: None takes the manifest's default.

        Raises:
            ArtifactError: the bundle holds no graph of that precision.

        """
        name = f"{view}/model.{precision or self.manifest.precision}.onnx"
        return self._listed(name)

    def preprocess(self, view: View) -> Preprocess:
        """
        Read a branch's preprocessing.

        Raises:
            ArtifactError: it cannot be read, or is not the one that the manifest's network was
                trained with, which is what the embedding space id covers.

        """
        path = self._listed(f"{view}/preprocess.json")
        found = Preprocess.read(path)
        try:
            trained = Preprocess.model_validate(self.manifest.network.get(view, found))
        except ValidationError:
            trained = None
        if found != trained or found.view != view:
            raise ArtifactError(
                f"{path} is not the {view} preprocessing of the network in {MANIFEST}; "
                "export the bundle again"
            )
        return found

    @property
    def matcher(self) -> Path:
        """The graph of the exact top-K."""
        return self._listed("matcher.onnx")

    def engines(self, part: Part) -> Path:
        """Locate the folder where the engines of a branch, or of the matcher, come and go."""
        return self.path / part / "engines"

    def _listed(self, name: str) -> Path:
        if name not in self.manifest.files:
            raise ArtifactError(f"{self.path} holds no {name}; export it with that precision")
        return self.path / name
