"""Pictures to files and back."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ....runtime.errors import DataError


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


def read_picture(path: Path) -> NDArray[np.uint8]:
    """
    Read a picture that was just written; [H, W, 3] uint8 RGB.

    Raises:
        DataError: it cannot be read back.

    """
    picture = cv2.imread(str(path))
    if picture is None:
        raise DataError(f"cannot read back {path}: is the disk full?")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
