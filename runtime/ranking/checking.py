"""Whether a protocol speaks of the pictures that were embedded."""

import numpy as np
from numpy.typing import NDArray

from ..datasets.task import GalleryRows, Protocol
from ..errors import ShapeError


def check_protocol(protocol: Protocol, queries: int, gallery: int) -> None:
    """
    Refuse a protocol of other pictures.

    Args:
        protocol: to rank by.
        queries: Q.
        gallery: N.

    Raises:
        ShapeError: there is no query, a query has no right row, or a row lies outside the gallery
            or, where it is right, outside the kept part of it.

    """
    name = f"protocol {protocol.name!r}"
    if queries == 0:
        raise ShapeError("queries", "at least one row", "none")
    _check_rows(f"{name}: right", protocol.right, queries, gallery)
    sizes = np.diff(protocol.right.starts)
    if sizes.min() < 1:
        lone = int(np.argmin(sizes))
        raise ShapeError(f"{name}: right", "a gallery row for each query", f"none of query {lone}")
    if protocol.ignored is not None:
        _check_rows(f"{name}: ignored", protocol.ignored, queries, gallery)
    if protocol.kept is not None:
        _check_inside(f"{name}: kept", protocol.kept, gallery)
        dropped = np.setdiff1d(protocol.right.rows, protocol.kept)
        if len(dropped):
            raise ShapeError(f"{name}: kept", "every right row", f"no row {dropped[0]}")


def _check_rows(name: str, rows: GalleryRows, queries: int, gallery: int) -> None:
    if len(rows) != queries:
        raise ShapeError(name, f"rows of {queries} queries", f"of {len(rows)}")
    _check_inside(name, rows.rows, gallery)


def _check_inside(name: str, rows: NDArray[np.int64], gallery: int) -> None:
    if len(rows) and (rows.min() < 0 or rows.max() >= gallery):
        raise ShapeError(name, f"rows in 0..{gallery - 1}", f"{rows.min()}..{rows.max()}")
