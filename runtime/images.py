"""Image files to RGB arrays. Files come from anywhere, so size and kind are checked first."""

import stat
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

    The picture is turned as its EXIF data say. Grey becomes RGB, palettes are looked up, 16-bit
    samples are scaled to 8, CMYK is converted, transparent pixels are composited on black. Of an
    animation or a TIFF of many pages it is the first. Colour profiles are not applied. A file
    that was cut short is refused, not filled with grey.

    Args:
        path: a JPEG, PNG, WebP, TIFF or BMP file of at most `MAX_IMAGE_BYTES` and
            `MAX_IMAGE_PIXELS`.

    Returns:
        [h, w, 3] uint8, RGB, contiguous.

    Raises:
        DataError: the file is missing, too large, of another format, cut short, corrupt, or a
            TIFF of floating-point or signed numbers, of 2 or more than 4 bands, or in Lab.

    """
    return decode_image(_read_bytes(path), str(path))


def decode_image(data: bytes, name: str) -> NDArray[np.uint8]:
    """
    Decode an image that lies in memory, as `read_image` does.

    Args:
        data: a JPEG, PNG, WebP, TIFF or BMP file.
        name: what messages call it.

    Returns:
        [h, w, 3] uint8, RGB, contiguous.

    Raises:
        DataError: as `read_image`.

    """
    header = read_header(data)
    if header is None:
        raise DataError(
            f"{name}: expected a JPEG, PNG, WebP, TIFF or BMP image, "
            "got other bytes or a damaged head"
        )
    if header.height * header.width > MAX_IMAGE_PIXELS:
        raise DataError(
            f"{name}: expected at most {MAX_IMAGE_PIXELS:,} pixels, "
            f"got {header.width} x {header.height}; cut it into tiles"
        )
    if not header.complete:
        raise DataError(f"{name}: the {header.format} ends too early; copy or save it again")
    if header.fault:
        raise DataError(f"{name}: {header.fault}; save it as 8-bit RGB")
    return np.ascontiguousarray(_upright(_decode(name, data, header), header.orientation))


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DataError(f"{path}: expected a file, got a folder, a pipe or a device")
        if status.st_size > MAX_IMAGE_BYTES:
            raise DataError(
                f"{path}: expected at most {MAX_IMAGE_BYTES:,} bytes, got {status.st_size:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise DataError(f"cannot read {str(path)!r}: {error}") from error


def _decode(name: str, data: bytes, header: ImageHeader) -> NDArray[np.uint8]:
    buffer = np.frombuffer(data, np.uint8)
    if header.alpha:
        stored = _decoded(name, buffer, header, cv2.IMREAD_UNCHANGED)
        if stored.ndim == 3 and stored.shape[2] == 4:
            return _on_black(stored)
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    image = _decoded(name, buffer, header, flags)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _decoded(name: str, buffer: NDArray[np.uint8], header: ImageHeader, flags: int) -> NDArray[Any]:
    try:
        image = cv2.imdecode(buffer, flags)
    except cv2.error as error:
        raise DataError(f"{name}: corrupt {header.format}: {error.err}") from error
    if image is None:
        raise DataError(
            f"{name}: corrupt {header.format}, or compressed in a way that OpenCV cannot decode"
        )
    return image


def _on_black(bgra: NDArray[Any]) -> NDArray[np.uint8]:
    top = np.iinfo(bgra.dtype).max
    alpha = bgra[..., 3:].astype(np.float32) / top
    rgb = bgra[..., 2::-1].astype(np.float32) * (255.0 / top)
    return np.rint(rgb * alpha).astype(np.uint8)


def _upright(image: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn by EXIF's code: 5 to 8 swap rows and columns, then either axis may be mirrored."""
    if orientation >= 5:
        image = image.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return image
