"""Items in an object store: one image, a folder of them, or a table."""

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from ..errors import DataError
from ..images import IMAGE_SUFFIXES
from ..item import Item
from ..object_store import list_objects, read_object
from .items import ItemColumns, labels_of
from .rows import TABLE_SUFFIXES
from .table import read_table

MAX_TABLE_BYTES = 2**30
"""Larger tables must be copied to a disk first: one is read whole."""


def read_stored(address: str, path_column: str) -> Sequence[Item]:
    """
    List the images at an address.

    Args:
        address: as `is_stored` knows it.
        path_column: the column that names a table's images, relative to it.

    Raises:
        DataError: nothing there, or as `read_source`.

    """
    suffix = PurePosixPath(address).suffix.lower()
    if suffix in TABLE_SUFFIXES:
        return _table(address, suffix, path_column)
    items = ItemColumns()
    if suffix in IMAGE_SUFFIXES:
        items.append(PurePosixPath(address).stem, address)
        return items
    folder = address.rstrip("/")
    names = [
        name
        for name in list_objects(folder)
        if PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES
    ]
    if not names:
        suffixes = " ".join(sorted(IMAGE_SUFFIXES))
        raise DataError(f"{address} holds no images ({suffixes})")
    for label, name in zip(labels_of(names), names, strict=True):
        items.append(label, f"{folder}/{name}")
    return items


def _table(address: str, suffix: str, path_column: str) -> Sequence[Item]:
    content = read_object(address, MAX_TABLE_BYTES)
    with tempfile.TemporaryDirectory(prefix="clnet-table-") as folder:
        copy = Path(folder) / f"table{suffix}"
        copy.write_bytes(content)
        try:
            return read_table(copy, path_column, folder=address.rpartition("/")[0])
        except DataError as error:
            raise DataError(str(error).replace(str(copy), address)) from error
