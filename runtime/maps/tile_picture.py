"""One picture of a tile pyramid, with its transparency."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..image_header import read_header

TILE_SIDES = range(64, 2049)
"""Pixels along a side; 256 and 512 are usual."""

_FORMATS = ("JPEG", "PNG", "WebP")


def decode_tile(data: bytes, name: str) -> NDArray[np.uint8]:
    """
    Decode a tile.

    Args:
        data: a JPEG, PNG or WebP file.
        name: what the tile is, to name it.

    Returns:
        [n, n, 4] uint8, RGB and validity: 255 where the picture is more opaque than not,
        else 0 and black.

    Raises:
        DataError: it is something else, no square, too large, cut short or corrupt.

    """
    header = read_header(data)
    if header is None or header.format not in _FORMATS:
        kind = "a vector tile or" if data[:2] == b"\x1f\x8b" else "other bytes or"
        raise DataError(f"{name}: expected a JPEG, PNG or WebP picture, got {kind} a damaged head")
    if header.height not in TILE_SIDES or header.width != header.height:
        raise DataError(
            f"{name}: expected a square of {TILE_SIDES[0]} to {TILE_SIDES[-1]} pixels a side, "
            f"got {header.width} x {header.height}"
        )
    stored = _stored(data) if header.complete else None
    if stored is None or stored.dtype != np.uint8:
        raise DataError(f"{name}: corrupt {header.format}, cut short, or not of 8 bits")
    return _with_validity(np.asarray(stored, np.uint8))


def _stored(data: bytes) -> NDArray[np.uint8] | None:
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)  # type: ignore[return-value]
    except cv2.error:
        return None


def _with_validity(stored: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if stored.ndim == 2:
        return np.asarray(cv2.cvtColor(stored, cv2.COLOR_GRAY2RGBA), np.uint8)
    if stored.shape[2] == 3:
        return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGBA), np.uint8)
    pixels = np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA), np.uint8)
    opaque = pixels[..., 3:] >= 128
    pixels[..., 3] = 255
    return np.where(opaque, pixels, np.uint8(0))
