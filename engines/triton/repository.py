"""
A model repository on disk: written aside and renamed, replaced only if all of it is ours.

    clnet.json                  what was written, with hashes; Triton looks at folders alone
    clnet_<view>/               the graph on a GPU         config.pbtxt  1/model.onnx
    clnet_<view>_cpu/           the FP32 graph on the CPU
    clnet_<view>_plan/          the engine                 config.pbtxt  1/model.plan
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ...runtime.artifact import Artifact, sha256_of
from ...runtime.atomic import directory_written_aside
from ...runtime.bundle import Bundle, FileRecord
from ...runtime.engine.sidecar import Sidecar
from ...runtime.errors import ArtifactError
from .model import FILE_NAME, ServedModel, config_of
from .models import served_models
from .text_format import to_text

RECORD = "clnet.json"


class RepositoryRecord(Artifact):
    """What clnet wrote, so that it never replaces what it did not write."""

    schema_version: Literal[1] = 1
    """Version of this record."""

    embedding_space_id: str
    """Of the bundle."""

    files: dict[str, FileRecord]
    """Every other file, by its path relative to the repository."""


class TritonReport(Artifact):
    """What a repository holds."""

    folder: str
    """Where it lies."""

    models: tuple[str, ...]
    """Names of the models."""

    plans: int
    """How many of them are TensorRT plans."""


def check_place(folder: Path) -> None:
    """
    Check that a repository may be written, before any work is done.

    Raises:
        ArtifactError: something is there that clnet did not write, or that was changed since.

    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / RECORD).is_file():
        raise ArtifactError(
            f"{folder} exists and is no model repository that clnet wrote: "
            "choose another place or remove it first"
        )
    known = RepositoryRecord.read(folder / RECORD).files
    for name, file in _files(folder).items():
        if name not in known or sha256_of(file) != known[name].sha256:
            raise ArtifactError(
                f"{folder} holds {name}, which clnet did not write or which was changed since: "
                "move it elsewhere, or choose another place"
            )


def write_triton(bundle: Bundle, folder: Path, engines: Sequence[Sidecar] = ()) -> TritonReport:
    """
    Write a bundle's branches as a Triton model repository.

    Args:
        bundle: an opened bundle.
        folder: the repository. An older one of clnet's gives way once the new one is whole.
        engines: records of the bundle's engines, as `build_bundle` returns them; those of the
            flavour `tensorrt` are served, too.

    Raises:
        ArtifactError: `folder` holds something else, or cannot be written; or an engine is not
            the one that was built.

    """
    check_place(folder)
    models = served_models(bundle, engines)
    with directory_written_aside(folder, replace=True) as aside:
        for model in models:
            _write_model(model, aside / model.name)
        files = {
            name: FileRecord(sha256=sha256_of(file), size_bytes=file.stat().st_size)
            for name, file in _files(aside).items()
        }
        record = RepositoryRecord(
            embedding_space_id=bundle.manifest.embedding_space_id, files=files
        )
        record.write(aside / RECORD)
    plans = sum(model.platform == "tensorrt_plan" for model in models)
    names = tuple(model.name for model in models)
    return TritonReport(folder=str(folder), models=names, plans=plans)


def describe_triton(report: TritonReport) -> str:
    """Say what is served, and what is missing for plans."""
    text = f"triton: {report.folder}: {', '.join(report.models)}"
    if report.plans:
        return text
    return (
        f"{text}\n  no plans: Triton loads engines of tensorrt, not of tensorrt-rtx; on the GPU "
        "that serves, clnet-build BUNDLE --engine tensorrt --triton DIR adds them"
    )


def _write_model(model: ServedModel, folder: Path) -> None:
    version = folder / "1"
    version.mkdir(parents=True)
    shutil.copyfile(model.source, version / FILE_NAME[model.platform])
    (folder / "config.pbtxt").write_text(to_text(config_of(model)))


def _files(folder: Path) -> dict[str, Path]:
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return {name: path for name, path in found.items() if path.is_file() and name != RECORD}
