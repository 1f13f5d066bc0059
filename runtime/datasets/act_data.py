"""
CVACT's `ACT_data.mat`: ids of panoramas, their positions, and which belongs to which split.

`panoIds` is a matrix of characters or a column of cells; `utm` is [N, 2]; `trainSet.trainInd`,
`valSet.valInd` and `valSetAll.valInd` are rows or columns of indices that count from 1
(github Skyy93/Sample4Geo, shiyujiao/cross_view_localization_SAFA).
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..extras import need_extra

MAX_MAT_BYTES = 2**30
"""Larger files are refused unread; the published one has some megabytes."""

INDICES = {"trainSet": "trainInd", "valSet": "valInd", "valSetAll": "valInd"}
"""The field of each split's struct."""

_REMEDY = "take ACT_data.mat as CVACT's authors publish it"

_UNREADABLE = (
    OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError,
    MemoryError, NotImplementedError, RuntimeError, SystemError, AssertionError, Warning,
    zlib.error, struct.error,
)  # fmt: skip
"""What scipy was seen to raise, or may, on files that are cut short or made of other bytes."""


@dataclass(frozen=True, slots=True)
class ActData:
    """What the file says."""

    path: Path
    """The file."""

    ids: list[str]
    """N ids; item i is what index i + 1 means."""

    utm_m: NDArray[np.float64]
    """[N, 2] float64: easting and northing, metres."""

    indices: dict[str, NDArray[np.int64]]
    """Of each struct of `INDICES`, [n] int64, counted from 1 and not checked against N."""


def read_act_data(path: Path) -> ActData:
    """
    Read the file.

    Raises:
        DataError: it cannot be read, lacks a key, or holds something else under it.
        ExtraMissing: scipy is not installed.

    """
    stored = _load(path)
    for key in ("panoIds", "utm", *INDICES):
        if key not in stored:
            raise DataError(f"{path} has no {key}; {_REMEDY}")
    ids = _ids(path, stored["panoIds"])
    return ActData(
        path,
        ids,
        _utm_m(path, stored["utm"], len(ids)),
        {key: _indices(path, key, stored[key]) for key in INDICES},
    )


def _load(path: Path) -> dict[str, Any]:
    need_extra("cvact", "scipy")
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        if path.stat().st_size > MAX_MAT_BYTES:
            raise DataError(f"{path} has more than {MAX_MAT_BYTES:,} bytes; {_REMEDY}")
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("error")
            stored: dict[str, Any] = loadmat(
                stream,
                squeeze_me=False,
                struct_as_record=True,
                chars_as_strings=True,
                variable_names=["panoIds", "utm", *INDICES],
            )
    except (*_UNREADABLE, MatReadError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"no MATLAB file: {error}"
        raise DataError(f"cannot read {path}: {reason}; {_REMEDY}") from error
    return stored


def _ids(path: Path, stored: object) -> list[str]:
    ids = [_text(cell) for cell in stored.ravel()] if isinstance(stored, np.ndarray) else []
    for index, id_ in enumerate(ids, start=1):
        if not id_:
            raise DataError(f"{path}: panoIds {index} is no id of a panorama; {_REMEDY}")
    if not ids:
        raise DataError(f"{path}: panoIds holds no ids; {_REMEDY}")
    return [id_ for id_ in ids if id_]


def _text(cell: object) -> str | None:
    """Read a row of a character matrix, or a cell that holds one. Returns None if it is neither."""
    if isinstance(cell, np.ndarray) and cell.size == 1:
        cell = cell.ravel()[0]
    return cell.strip() if isinstance(cell, str) else None


def _utm_m(path: Path, stored: object, count: int) -> NDArray[np.float64]:
    if not isinstance(stored, np.ndarray) or stored.dtype.kind not in "fiu":
        raise DataError(f"{path}: utm holds no numbers; {_REMEDY}")
    if stored.shape != (count, 2):
        raise DataError(
            f"{path}: expected utm of shape ({count}, 2), a row an id, got {stored.shape}; "
            f"{_REMEDY}"
        )
    return np.asarray(stored, np.float64)


def _indices(path: Path, key: str, stored: object) -> NDArray[np.int64]:
    name = INDICES[key]
    fields = stored.dtype.names if isinstance(stored, np.ndarray) else None
    if not isinstance(stored, np.ndarray) or name not in (fields or ()) or stored.size != 1:
        raise DataError(f"{path}: expected {key} to be a struct with {name}; {_REMEDY}")
    numbers = stored[name].item()
    if (
        not isinstance(numbers, np.ndarray)
        or numbers.dtype.kind not in "fiu"
        or numbers.size != max(numbers.shape, default=0)
        or not np.array_equal(numbers, np.trunc(numbers))
        or not np.all(np.abs(numbers) < 2**31)
    ):
        raise DataError(
            f"{path}: expected {key}.{name} to be a row or column of whole numbers; {_REMEDY}"
        )
    return numbers.astype(np.int64).ravel()
