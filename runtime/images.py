"""Image files to RGB arrays. Files come from anywhere, so size and kind are checked first."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import DataError
from .image_header import ImageHeader, read_header

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"})
"""What a folder is searched for, in lower case."""

MAX_IMAGE_BYTES = 256 * 2**20
"""Larger files are refused unread."""

MAX_IMAGE_PIXELS = 2**28
"""Larger pictures (16,384 squared) are refused before they are decoded."""


def read_image(path: Path) -> NDArray[np.uint8]:
    """
    Decode one image file.

    EXIF orientation is applied, grey becomes RGB, 16-bit samples are scaled to 8, CMYK is
    converted. Transparent pixels are composited on black (and such a picture keeps its stored
    orientation). A file that was cut short is refused, not filled with grey.

    Args:
        path: a JPEG, PNG, WebP, TIFF or BMP file of at most `MAX_IMAGE_BYTES` and
            `MAX_IMAGE_PIXELS`.

    Returns:
        [h, w, 3] uint8, RGB, contiguous.

    Raises:
        DataError: the file is missing, too large, of another format, cut short or corrupt.

    """
    data = _read_bytes(path)
    header = read_header(data)
    if header is None:
        raise DataError(
            f"{path}: expected a JPEG, PNG, WebP, TIFF or BMP image, "
            "got other bytes or a damaged head"
        )
    if header.height * header.width > MAX_IMAGE_PIXELS:
        raise DataError(
            f"{path}: expected at most {MAX_IMAGE_PIXELS:,} pixels, "
            f"got {header.width} x {header.height}; cut it into tiles"
        )
    if not header.complete:
        raise DataError(f"{path}: the {header.format} ends too early; copy or save it again")
    return _decode(path, data, header)


def _read_bytes(path: Path) -> bytes:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_IMAGE_BYTES:
            raise DataError(
                f"{path}: expected at most {MAX_IMAGE_BYTES:,} bytes, got {size_bytes:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error


def _decode(path: Path, data: bytes, header: ImageHeader) -> NDArray[np.uint8]:
    buffer = np.frombuffer(data, np.uint8)
    if header.alpha:
        stored = _decoded(path, buffer, header, cv2.IMREAD_UNCHANGED)
        if stored.ndim == 3 and stored.shape[2] == 4:
            return _on_black(stored)
    image = _decoded(path, buffer, header, cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _decoded(
    path: Path, buffer: NDArray[np.uint8], header: ImageHeader, flags: int
) -> NDArray[Any]:
    try:
        image = cv2.imdecode(buffer, flags)
    except cv2.error as error:
        raise DataError(f"{path}: corrupt {header.format}: {error.err}") from error
    if image is None:
        raise DataError(
            f"{path}: corrupt {header.format}, or of a kind that OpenCV cannot decode "
            "(floating point, more than 16 bits, lossless JPEG)"
        )
    return image


def _on_black(bgra: NDArray[Any]) -> NDArray[np.uint8]:
    top = np.iinfo(bgra.dtype).max
    alpha = bgra[..., 3:].astype(np.float32) / top
    rgb = bgra[..., 2::-1].astype(np.float32) * (255.0 / top)
    return np.ascontiguousarray(np.rint(rgb * alpha).astype(np.uint8))
