"""Read a `.pth` of tensors, and nothing but tensors: a pickle can run code; here it may not."""

import pickle
import re
import struct
import warnings
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from ..runtime.errors import ArtifactError

MAX_BYTES = 8 * 2**30
"""Larger files are refused unread; ConvNeXt-XXLarge takes 3.4 GB."""

EXPECTED = "expected a .pth file of tensors (torch.save of a state_dict)"

_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
)
"""What PyTorch's restricted unpickler raises on bytes that are not what they say."""


def read_tensors(path: Path) -> dict[str, Tensor]:
    """
    Read named tensors, bare or under the key `state_dict`. No code of the file is run.

    The file is mapped into memory where it is a zip (PyTorch 1.6 and later): tensors are
    read when they are used.

    Args:
        path: what `torch.save` wrote of a dict of tensors; at most `MAX_BYTES`.

    Returns:
        The file's own names and dense tensors, on the CPU. They are read-only in spirit: a
        mapped one belongs to the file.

    Raises:
        ArtifactError: the file is missing, too large, damaged, holds anything but tensors, or
            would have to run code to be read.

    """
    _check_file(path)
    loaded = _load(path)
    if isinstance(loaded, dict) and isinstance(loaded.get("state_dict"), dict):
        loaded = loaded["state_dict"]
    if not isinstance(loaded, dict) or not loaded:
        raise ArtifactError(f"{path}: {EXPECTED}, got a {type(loaded).__name__} without any")
    for key, value in loaded.items():
        if not isinstance(key, str) or not _dense(value):
            raise ArtifactError(
                f"{path}: {EXPECTED}, got a {type(value).__name__} under {key!r}; "
                "save model.state_dict() alone"
            )
    return dict(loaded)


def _check_file(path: Path) -> None:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    if not path.is_file():
        raise ArtifactError(f"{path}: {EXPECTED}, got a folder or device")
    if size_bytes > MAX_BYTES:
        raise ArtifactError(f"{path}: expected at most {MAX_BYTES:,} bytes, got {size_bytes:,}")


def _load(path: Path) -> object:
    try:
        packed = zipfile.is_zipfile(path)
        if packed:
            _check_zip(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong is said below, on one line
            return torch.load(path, map_location="cpu", weights_only=True, mmap=packed)
    except _UNREADABLE as error:
        called = re.search(r"GLOBAL (\S+)", str(error))
        if called:
            raise ArtifactError(
                f"{path}: expected tensors only, got a pickle that calls {called[1]}; it was not "
                "run: save model.state_dict() alone where the file comes from"
            ) from error
        raise ArtifactError(
            f"{path}: {EXPECTED}, got a damaged, truncated or other file; copy or save it again"
        ) from error


def _check_zip(path: Path) -> None:
    """Check every member's CRC: PyTorch does not, and a flipped bit would be a changed weight."""
    with zipfile.ZipFile(path) as members:
        if any(one.compress_type != zipfile.ZIP_STORED for one in members.infolist()):
            raise ValueError("PyTorch compresses nothing, and a small file could fill the memory")
        damaged = members.testzip()
        if damaged is not None:
            raise ValueError(f"{damaged} is damaged")


def _dense(value: object) -> bool:
    return (
        isinstance(value, Tensor)
        and value.layout is torch.strided
        and not value.is_quantized
        and value.device.type == "cpu"
    )
