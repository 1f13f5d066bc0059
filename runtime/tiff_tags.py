"""The tags of a TIFF directory: a TIFF file's own, or the one that EXIF data are."""

import struct

SIZES = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4)}
"""Format and bytes of the number types that matter: BYTE, SHORT and LONG."""

WIDTH, HEIGHT, BITS, PHOTOMETRIC, ORIENTATION, SAMPLES, SAMPLE_FORMAT = (
    256, 257, 258, 262, 274, 277, 339,
)  # fmt: skip
"""Numbers of tags (TIFF 6.0, section 8 and 19)."""

MAGIC = (b"II*\0", b"MM\0*")


def read_tags(data: bytes) -> dict[int, int]:
    """
    Read the numbers of the first directory.

    Args:
        data: bytes that start with one of `MAGIC`.

    Returns:
        The first value of each tag that holds whole numbers, by the tag's number.

    Raises:
        struct.error: the directory reaches beyond the data.

    """
    order = "<" if data.startswith(b"II") else ">"
    (directory,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, directory)
    tags = {}
    for entry in range(directory + 2, directory + 2 + 12 * count, 12):
        tag, kind, values = struct.unpack_from(f"{order}HHI", data, entry)
        if kind in SIZES and values:
            letter, size_bytes = SIZES[kind]
            at = entry + 8
            if values * size_bytes > 4:
                (at,) = struct.unpack_from(f"{order}I", data, at)
            (tags[tag],) = struct.unpack_from(f"{order}{letter}", data, at)
    return tags


def orientation_of(exif: bytes) -> int:
    """
    Read how a picture must be turned.

    Args:
        exif: EXIF data, with or without their `Exif` prefix.

    Returns:
        EXIF's code, 1 (as stored) to 8; 1 where the data do not say it.

    """
    try:
        tags = read_tags(exif.removeprefix(b"Exif\0\0"))
    except struct.error:
        return 1
    code = tags.get(ORIENTATION, 1)
    return code if 1 <= code <= 8 else 1
