"""CVUSA's layout on disk: where the two views of an id lie, and the lists beside them."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import DataError
from .survey import Pair

SATELLITE_FOLDER = "bingmap/19"
GROUND_FOLDER = "streetview/panos"
SPLIT_FILES = {"train": "splits/train-19zl.csv", "val": "splits/val-19zl.csv"}
COORDINATES_FILE = "all.csv"


def make_folders(root: Path) -> None:
    """Create the folders under `root`."""
    for name in (SATELLITE_FOLDER, GROUND_FOLDER, "splits"):
        (root / name).mkdir(parents=True)


def satellite_name(id_: int) -> str:
    """Path of a tile under the root."""
    return f"{SATELLITE_FOLDER}/{id_:07d}.jpg"


def ground_name(id_: int) -> str:
    """Path of a panorama under the root."""
    return f"{GROUND_FOLDER}/{id_:07d}.jpg"


def write_pair(root: Path, pair: Pair, jpeg_quality: int) -> None:
    """Write the two views of a place as JPEG."""
    write_picture(root / satellite_name(pair.id), pair.satellite, jpeg_quality)
    write_picture(root / ground_name(pair.id), pair.ground, jpeg_quality)


def write_picture(path: Path, rgb: NDArray[np.uint8], jpeg_quality: int | None = None) -> None:
    """
    Write [H, W, 3] uint8 RGB in the format that the path's suffix names.

    Raises:
        DataError: the picture cannot be encoded.

    """
    options = [] if jpeg_quality is None else [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]
    done, data = cv2.imencode(path.suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise DataError(f"cannot encode {path}")
    path.write_bytes(data.tobytes())


def split_row(id_: int) -> str:
    """One line of a split's list. Annotations are named, as CVUSA does, but not written."""
    return f"{satellite_name(id_)},{ground_name(id_)},streetview/annotations/{id_:07d}.png\n"


def coordinate_row(pair: Pair) -> str:
    """One line of all.csv: tile's latitude and longitude, panorama's, and its heading."""
    values = (*pair.satellite_degrees, *pair.ground_degrees)
    return ",".join([*(f"{value:.9f}" for value in values), f"{pair.heading_deg:.3f}"]) + "\n"
