"""
What a file claims to be, before any decoder sees it.

No pixel is unpacked, so a picture that would grow to gigabytes costs nothing.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from . import tiff_tags
from .tiff_tags import orientation_of, read_tags

ImageFormat = Literal["JPEG", "PNG", "WebP", "TIFF", "BMP"]

_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB})
_JPEG_EXIF, _JPEG_SCAN = 0xE1, 0xDA

_TIFF_COLOURS = frozenset({0, 1, 2, 3, 5, 6})
"""Grey (either way round), RGB, palette, CMYK, YCbCr."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The claims of an image file."""

    format: ImageFormat
    """The container, by its magic number and not by its name."""

    height: int
    """Rows before any turn, in pixels."""

    width: int
    """Columns before any turn, in pixels."""

    alpha: bool = False
    """Whether pixels may be transparent. Not told of TIFF, where OpenCV sees to it."""

    complete: bool = True
    """Whether the file's end is where its format says: False for a file cut short."""

    orientation: int = 1
    """EXIF's code of the turn that is left to do, 1 (none) to 8. OpenCV turns TIFF itself."""

    fault: str | None = None
    """Why the pixels cannot be taken for 8-bit RGB, if that is plain."""


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
        if data.startswith(tiff_tags.MAGIC):
            return _tiff(data)
        if data.startswith(b"BM"):
            return _bmp(data)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(data: bytes) -> ImageHeader | None:
    at = 2
    size: tuple[int, int] | None = None
    orientation = 1
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        if marker in _JPEG_FRAMES:
            size = struct.unpack_from(">HH", body, 1)
        if marker == _JPEG_EXIF and body.startswith(b"Exif\0\0"):
            orientation = orientation_of(body)
        if marker == _JPEG_SCAN:
            break
        at += 2 + length
    if size is None:
        return None
    complete = b"\xff\xd9" in data[at:]
    return ImageHeader("JPEG", *size, complete=complete, orientation=orientation)


def _png(data: bytes) -> ImageHeader:
    width, height, _, colour = struct.unpack_from(">IIBB", data, 16)
    chunks = dict(_chunks(data, 8, ">I4s", checksum_bytes=4))
    return ImageHeader(
        "PNG",
        height,
        width,
        alpha=colour in (4, 6) or b"tRNS" in chunks,
        complete=b"IEND" in chunks,
        orientation=orientation_of(chunks.get(b"eXIf", b"")),
    )


def _webp(data: bytes) -> ImageHeader | None:
    chunks = dict(_chunks(data, 12, "<4sI"))
    height, width, alpha = 0, 0, False
    if b"VP8X" in chunks:
        head = chunks[b"VP8X"]
        alpha = bool(head[0] & 0x10)
        width = int.from_bytes(head[4:7], "little") + 1
        height = int.from_bytes(head[7:10], "little") + 1
    elif b"VP8L" in chunks:
        (bits,) = struct.unpack_from("<I", chunks[b"VP8L"], 1)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        alpha = bool(bits >> 28 & 1)
    elif b"VP8 " in chunks:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", chunks[b"VP8 "], 6))
    else:
        return None
    complete = struct.unpack_from("<I", data, 4)[0] + 8 <= len(data)
    orientation = orientation_of(chunks.get(b"EXIF", b""))
    return ImageHeader("WebP", height, width, alpha, complete, orientation)


def _chunks(
    data: bytes, at: int, head: Literal[">I4s", "<4sI"], checksum_bytes: int = 0
) -> Iterator[tuple[bytes, bytes]]:
    """Walk PNG's or RIFF's chunks; of what was cut short, the rest."""
    while at + 8 <= len(data):
        first, second = struct.unpack_from(head, data, at)
        name, length = (second, first) if head == ">I4s" else (first, second)
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + (checksum_bytes or length % 2)


def _tiff(data: bytes) -> ImageHeader | None:
    tags = read_tags(data)
    if tiff_tags.WIDTH not in tags or tiff_tags.HEIGHT not in tags:
        return None
    return ImageHeader(
        "TIFF", tags[tiff_tags.HEIGHT], tags[tiff_tags.WIDTH], fault=_tiff_fault(tags)
    )


def _tiff_fault(tags: dict[int, int]) -> str | None:
    bits, samples = tags.get(tiff_tags.BITS, 1), tags.get(tiff_tags.SAMPLES, 1)
    if tags.get(tiff_tags.SAMPLE_FORMAT, 1) != 1 or bits > 16:
        return f"expected whole numbers without sign of up to 16 bits, got others of {bits} bits"
    if samples not in (1, 3, 4):
        return f"expected 1, 3 or 4 bands, got {samples}"
    if tags.get(tiff_tags.PHOTOMETRIC, 1) not in _TIFF_COLOURS:
        return (
            "expected grey, RGB, palette, CMYK or YCbCr, got photometric interpretation "
            f"{tags[tiff_tags.PHOTOMETRIC]}"
        )
    return None


def _bmp(data: bytes) -> ImageHeader:
    (size_bytes,) = struct.unpack_from("<I", data, 2)
    width, height = struct.unpack_from("<ii", data, 18)
    return ImageHeader("BMP", abs(height), width, complete=size_bytes <= len(data))
