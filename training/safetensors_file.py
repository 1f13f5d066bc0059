"""Tensors in safetensors files: written aside and renamed, read whole."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..runtime.atomic import file_written_aside
from ..runtime.errors import ArtifactError


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None
) -> None:
    """
    Write named tensors, and nothing else, to one file.

    Raises:
        ArtifactError: the folder cannot be written, or the disk is full; an old file stays.

    """
    with file_written_aside(path) as aside:
        try:
            save_file({k: v.contiguous() for k, v in tensors.items()}, aside, metadata=metadata)
        except SafetensorError as error:
            raise ArtifactError(f"cannot write {path}: {error}; make room") from error


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """
    Read named tensors, onto the CPU.

    Raises:
        ArtifactError: the file is missing or damaged.

    """
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise ArtifactError(f"cannot read {path}: {error}") from error
