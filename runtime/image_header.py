"""
What a file claims to be, before any decoder sees it.

Only the first bytes are read, so a picture that would unpack to gigabytes costs nothing.
"""

import struct
from dataclasses import dataclass
from typing import Literal

ImageFormat = Literal["JPEG", "PNG", "WebP", "TIFF", "BMP"]

_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB})
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The claims of an image file."""

    format: ImageFormat
    """The container, by its magic number and not by its name."""

    height: int
    """Rows before any EXIF rotation, in pixels."""

    width: int
    """Columns before any EXIF rotation, in pixels."""

    alpha: bool
    """Whether pixels may be transparent."""

    complete: bool
    """Whether the file's end is where its format says: False for a file cut short."""


def read_header(data: bytes) -> ImageHeader | None:
    """
    Parse the head of an image file.

    Args:
        data: the whole file.

    Returns:
        None if the format is none of `ImageFormat`, or the head itself is damaged.

    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[:4] in (b"II*\0", b"MM\0*"):
            return _tiff(data)
        if data.startswith(b"BM"):
            return _bmp(data)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(data: bytes) -> ImageHeader | None:
    at = 2
    size: tuple[int, int] | None = None
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _JPEG_FRAMES:
            size = struct.unpack_from(">HH", data, at + 5)
        if marker == 0xDA:
            break
        at += 2 + length
    if size is None:
        return None
    return ImageHeader("JPEG", *size, alpha=False, complete=b"\xff\xd9" in data[at:])


def _png(data: bytes) -> ImageHeader:
    width, height, _, colour = struct.unpack_from(">IIBB", data, 16)
    alpha = colour in (4, 6) or b"tRNS" in data[: data.find(b"IDAT")]
    return ImageHeader("PNG", height, width, alpha, complete=b"IEND" in data[-64:])


def _webp(data: bytes) -> ImageHeader | None:
    complete = struct.unpack_from("<I", data, 4)[0] + 8 <= len(data)
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return ImageHeader("WebP", height, width, bool(data[20] & 0x10), complete)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        return ImageHeader("WebP", height, width, bool(bits >> 28 & 1), complete)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return ImageHeader("WebP", height & 0x3FFF, width & 0x3FFF, False, complete)
    return None


def _tiff(data: bytes) -> ImageHeader | None:
    order = "<" if data[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, directory)
    sizes: dict[int, int] = {}
    samples = 1
    for entry in range(directory + 2, directory + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from(f"{order}HH", data, entry)
        value = struct.unpack_from(f"{order}H" if kind == 3 else f"{order}I", data, entry + 8)[0]
        sizes[tag] = value
        if tag == 277:
            samples = value
    if _TIFF_WIDTH not in sizes or _TIFF_HEIGHT not in sizes:
        return None
    return ImageHeader("TIFF", sizes[_TIFF_HEIGHT], sizes[_TIFF_WIDTH], samples == 4, True)


def _bmp(data: bytes) -> ImageHeader:
    (size_bytes,) = struct.unpack_from("<I", data, 2)
    width, height = struct.unpack_from("<ii", data, 18)
    return ImageHeader("BMP", abs(height), width, False, size_bytes <= len(data))
