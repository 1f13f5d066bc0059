"""The order of a gallery: that in which its places were added, wherever Lance keeps them."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ArtifactError

if TYPE_CHECKING:
    import lancedb
    import pyarrow


def row_ids_in_order(table: "lancedb.table.Table") -> NDArray[np.uint64]:
    """
    Find where each row of a gallery is stored.

    Compaction moves rows, and a merge shuffles its block. So every place carries its number;
    two writers that commit to object storage at once may give one number twice, and then the
    ids decide.

    Returns:
        [N] Lance's row ids of this version of the table, in the gallery's order.

    """
    numbers = scan(table, ["row"])
    order = np.argsort(numbers["row"].to_numpy(), kind="stable")
    ranked = numbers["row"].to_numpy()[order]
    if (ranked[1:] == ranked[:-1]).any():
        named = scan(table, ["row", "id"])
        return _row_ids(named.sort_by([("row", "ascending"), ("id", "ascending")]))
    return _row_ids(numbers)[order]


def scan(
    table: "lancedb.table.Table", columns: list[str], where: str | None = None
) -> "pyarrow.Table":
    """Read light columns of all rows, or of those that SQL picks, with their row ids."""
    query = table.search().select(columns).with_row_id(True)
    return (query if where is None else query.where(where)).to_arrow()


def take(
    table: "lancedb.table.Table", columns: list[str], row_ids: NDArray[np.uint64]
) -> "pyarrow.Table":
    """
    Read rows in the order of `row_ids`, none of which needs to be unique.

    Raises:
        ArtifactError: a row is not there.

    """
    if not len(row_ids):
        return scan(table, columns, where="false")
    # Lance gives the rows in an order of its own.
    found = table.take_row_ids(np.unique(row_ids).tolist()).select(columns).with_row_id().to_arrow()
    return aligned(found, row_ids)


def aligned(found: "pyarrow.Table", row_ids: NDArray[np.uint64]) -> "pyarrow.Table":
    """
    Put rows into the order of `row_ids`.

    Raises:
        ArtifactError: a row is not among them.

    """
    stored = _row_ids(found)
    if np.array_equal(stored, row_ids):
        return found
    order = np.argsort(stored)
    spots = np.searchsorted(stored, row_ids, sorter=order)
    if (spots == len(stored)).any() or not np.array_equal(stored[order[spots]], row_ids):
        raise ArtifactError("the gallery's table lost rows of the version that is being read")
    return found.take(order[spots])


def _row_ids(table: "pyarrow.Table") -> NDArray[np.uint64]:
    return np.asarray(table["_rowid"].to_numpy(), np.uint64)
