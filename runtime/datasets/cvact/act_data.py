"""CVACT's `ACT_data.mat`: ids of panoramas, their positions, and which belongs to which split."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ...extras import need_extra
from .act_data_process import INDICES, REFUSED, REMEDY, main


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
    """Of `trainSet`, `valSet` and `valSetAll`, [n] int64, from 1, not checked against N."""


def read_act_data(path: Path) -> ActData:
    """
    Read the file, in a process of its own: scipy 1.17 crashes on some damaged ones.

    Raises:
        DataError: it cannot be read, lacks a key, or holds something else under it.
        ExtraMissing: scipy is not installed.

    """
    need_extra("cvact", "scipy")
    with TemporaryDirectory() as folder:
        out = Path(folder, "act_data.npz")
        _run(path, out)
        with np.load(out, allow_pickle=False) as arrays:
            return ActData(
                path,
                arrays["panoIds"].tolist(),
                arrays["utm"],
                {key: arrays[key] for key in INDICES},
            )


def _run(path: Path, out: Path) -> None:
    call = f"import sys; from {main.__module__} import main; sys.exit(main(*sys.argv[1:]))"
    places = [str(Path(place).resolve()) for place in sys.path]
    process = subprocess.run(
        [sys.executable, "-c", call, str(path), str(out)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        check=False,
    )
    if process.returncode == REFUSED:
        raise DataError(process.stdout.decode(errors="replace"))
    if process.returncode != 0:
        lines = process.stderr.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"it ended with status {process.returncode}"
        raise DataError(f"cannot read {path}: scipy failed on it ({reason}); {REMEDY}")
