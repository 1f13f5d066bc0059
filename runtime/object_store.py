"""
Files in an object store, such as `s3://bucket/tiles/a.jpg`, read through Arrow's file systems.

Credentials, region and endpoint come from where the store's own tools take them: for S3 the
environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL), the profile
or the machine's role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .errors import DataError
from .images import MAX_IMAGE_BYTES, decode_image

if TYPE_CHECKING:
    import pyarrow.fs

STORES = ("s3", "gs")
"""Schemes of addresses that can be read."""


def is_stored(text: str) -> bool:
    """Tell an object's address from a path."""
    scheme, separator, _ = text.partition("://")
    return bool(separator) and scheme in STORES


def read_object(address: str, max_bytes: int) -> bytes:
    """
    Read one object.

    Args:
        address: as `is_stored` knows it.
        max_bytes: larger objects are refused unread.

    Raises:
        DataError: it is not there, too large, or the store refuses.

    """
    store, path = _opened(address)
    with _store_errors(address), store.open_input_file(path) as stream:
        if stream.size() > max_bytes:
            raise DataError(
                f"{address}: expected at most {max_bytes:,} bytes, got {stream.size():,}"
            )
        return bytes(stream.read())


def read_stored_image(address: str) -> NDArray[np.uint8]:
    """
    Read an image as `read_image` reads a file.

    Args:
        address: as `is_stored` knows it.

    Returns:
        [h, w, 3] uint8, RGB, contiguous.

    Raises:
        DataError: as `read_object` and `decode_image`.

    """
    return decode_image(read_object(address, MAX_IMAGE_BYTES), address)


def list_objects(address: str) -> list[str]:
    """
    List the objects below an address, with those of its sub-folders.

    Args:
        address: a bucket, or a folder in one.

    Returns:
        Names relative to `address`, sorted; nothing where no such folder is.

    Raises:
        DataError: the store refuses.

    """
    from pyarrow.fs import FileSelector, FileType

    store, path = _opened(address)
    root = path.rstrip("/")
    with _store_errors(address):
        found = store.get_file_info(FileSelector(root, recursive=True, allow_not_found=True))
    return sorted(info.path[len(root) + 1 :] for info in found if info.type == FileType.File)


def _opened(address: str) -> tuple["pyarrow.fs.FileSystem", str]:
    scheme, _, path = address.partition("://")
    bucket = path.partition("/")[0]
    if not bucket:
        raise DataError(f"expected {scheme}://BUCKET/NAME, got {address!r}")
    with _store_errors(address):
        return _file_system(f"{scheme}://{bucket}"), path


@lru_cache(maxsize=16)
def _file_system(bucket: str) -> "pyarrow.fs.FileSystem":
    """Open a bucket once: finding its region takes a request."""
    from pyarrow.fs import FileSystem

    return FileSystem.from_uri(bucket)[0]


@contextmanager
def _store_errors(address: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {address}: {' '.join(str(error).split())}") from error
