"""
What runs in the process that reads `ACT_data.mat`.

`panoIds` is a matrix of characters or a column of cells; `utm` is [N, 2]; `trainSet.trainInd`,
`valSet.valInd` and `valSetAll.valInd` are rows or columns of indices that count from 1
(github Skyy93/Sample4Geo, shiyujiao/cross_view_localization_SAFA).
"""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError

REFUSED = 3
"""Exit status: the file is not what it should be; standard output says why."""

MAX_MAT_BYTES = 2**30
"""Larger files are refused unread; the published one has some megabytes."""

INDICES = {"trainSet": "trainInd", "valSet": "valInd", "valSetAll": "valInd"}
"""The field of each split's struct."""

REMEDY = "take ACT_data.mat as CVACT's authors publish it"


def main(mat: str, out: str) -> int:
    """Write the arrays of `read_arrays` to `out`, an .npz. Returns the exit status."""
    try:
        arrays = read_arrays(Path(mat))
    except DataError as error:
        sys.stdout.write(str(error))
        return REFUSED
    np.savez(out, allow_pickle=False, **arrays)
    return 0


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """
    Read the file in this process.

    Returns:
        `panoIds`: [N] str; `utm`: [N, 2] float64; each key of `INDICES`: [n] int64.

    Raises:
        DataError: it lacks a key, or holds something else under it. On other bytes scipy raises
            errors of many kinds, or dies (SIGSEGV, scipy 1.17).

    """
    stored = _load(path)
    for key in ("panoIds", "utm", *INDICES):
        if key not in stored:
            raise DataError(f"{path} has no {key}; {REMEDY}")
    ids = _ids(path, stored["panoIds"])
    return {
        "panoIds": np.array(ids),
        "utm": _utm_m(path, stored["utm"], len(ids)),
        **{key: _indices(path, key, stored[key]) for key in INDICES},
    }


def _load(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat

    try:
        if path.stat().st_size > MAX_MAT_BYTES:
            raise DataError(f"{path} has more than {MAX_MAT_BYTES:,} bytes; {REMEDY}")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"cannot read {path}: {reason}; {REMEDY}") from error
    stored: dict[str, Any] = loadmat(
        BytesIO(data),
        squeeze_me=False,
        struct_as_record=True,
        chars_as_strings=True,
        variable_names=["panoIds", "utm", *INDICES],
    )
    return stored


def _ids(path: Path, stored: object) -> list[str]:
    ids = [_text(cell) for cell in stored.ravel()] if isinstance(stored, np.ndarray) else []
    for index, id_ in enumerate(ids, start=1):
        if not id_:
            raise DataError(f"{path}: panoIds {index} is no id of a panorama; {REMEDY}")
    if not ids:
        raise DataError(f"{path}: panoIds holds no ids; {REMEDY}")
    return [id_ for id_ in ids if id_]


def _text(cell: object) -> str | None:
    """Read a row of a character matrix, or a cell that holds one. Returns None if it is neither."""
    if isinstance(cell, np.ndarray) and cell.size == 1:
        cell = cell.ravel()[0]
    return cell.strip() if isinstance(cell, str) else None


def _utm_m(path: Path, stored: object, count: int) -> NDArray[np.float64]:
    if not isinstance(stored, np.ndarray) or stored.dtype.kind not in "fiu":
        raise DataError(f"{path}: utm holds no numbers; {REMEDY}")
    if stored.shape != (count, 2):
        raise DataError(
            f"{path}: expected utm of shape ({count}, 2), a row an id, got {stored.shape}; {REMEDY}"
        )
    return np.asarray(stored, np.float64)


def _indices(path: Path, key: str, stored: object) -> NDArray[np.int64]:
    name = INDICES[key]
    fields = stored.dtype.names if isinstance(stored, np.ndarray) else None
    if not isinstance(stored, np.ndarray) or name not in (fields or ()) or stored.size != 1:
        raise DataError(f"{path}: expected {key} to be a struct with {name}; {REMEDY}")
    numbers = stored[name].item()
    if (
        not isinstance(numbers, np.ndarray)
        or numbers.dtype.kind not in "fiu"
        or numbers.size != max(numbers.shape, default=0)
        or not np.array_equal(numbers, np.trunc(numbers))
        or not np.all(np.abs(numbers) < 2**31)
    ):
        raise DataError(
            f"{path}: expected {key}.{name} to be a row or column of whole numbers; {REMEDY}"
        )
    return numbers.astype(np.int64).ravel()
