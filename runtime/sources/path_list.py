"""A list of paths, as `find` and `ls` print it."""

import os
from typing import IO

from ..errors import DataError
from .items import ItemColumns, labels_of, refuse_doubled_ids

NAME = "standard input"

MAX_LIST_BYTES = 2**30
"""Longer lists are refused: ten million paths of a hundred letters."""


def read_path_list(stream: IO[bytes]) -> ItemColumns:
    r"""
    List the images that a stream names. Whether they exist shows when they are read.

    Args:
        stream: one path a line, or paths that end in NUL (`find -print0`); relative to the
            working directory, or an address in an object store. Empty lines are left out;
            `\r\n` ends a line, too.

    Returns:
        At least one item, in the stream's order. Its id is the path without suffix, unless that
        is doubled.

    Raises:
        DataError: nothing named, a name that is no path, too many bytes, or a path named twice.

    """
    data = stream.read(MAX_LIST_BYTES + 1)
    if len(data) > MAX_LIST_BYTES:
        raise DataError(f"{NAME}: expected at most {MAX_LIST_BYTES:,} bytes; split the list")
    lines = data.split(b"\0") if b"\0" in data else data.splitlines()
    items = ItemColumns()
    names = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name = os.fsdecode(line)
        try:
            if not name.strip("/."):
                raise DataError(f"expected a path, got {name!r}")
            items.append("", name)
        except DataError as error:
            raise DataError(f"{NAME} line {number}: {error}") from error
        names.append(name)
    if not items:
        raise DataError(f"{NAME} names no images; expected one path a line")
    items.ids = labels_of(names)
    refuse_doubled_ids(NAME, items.ids)
    return items
