"""An opened gallery, which is read row by row, block by block."""

import os
import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..areas import Area
from ..errors import DataError
from .location import Location, lance_errors
from .lock import hold_for_reading
from .order import aligned, row_ids_in_order, scan, take
from .places import GalleryRows, Places
from .sieve import sql_of
from .table import degrees, embedding_rows, info_of

if TYPE_CHECKING:
    import lancedb
    import pyarrow

BLOCK_ROWS = 4096
"""Rows of one block: 16 MiB of float32 at D = 1,024."""


class Gallery:
    """
    One version of a gallery. Later commits are seen by who opens it later.

    Row n is the place that was added as number n. Nothing is held in memory but the order of
    the rows, 8 bytes each. Readers wait for no writer, and the files of their version stay.
    """

    def __init__(self, location: Location, table: "lancedb.table.Table") -> None:
        self.location = location.text
        """Where it lies, as Lance takes it."""
        self.info = info_of(location.text, table.schema)
        """What its embeddings are."""
        self.table = table
        """The Lance table, for what this class does not do."""

    @classmethod
    def open(cls, location: str | Path) -> "Gallery":
        """
        Open a gallery to read it.

        Args:
            location: a folder, or `s3://…`, `gs://…`, `az://…`.

        Raises:
            ArtifactError: no gallery is there, or it is damaged.
            DataError: the location has an unknown scheme.

        """
        place = Location.of(location)
        hold = hold_for_reading(place.folder) if place.folder is not None else None
        try:
            gallery = cls(place, place.open_table())
        except BaseException:
            if hold is not None:
                os.close(hold)
            raise
        if hold is not None:
            weakref.finalize(gallery, os.close, hold)
        return gallery

    def __len__(self) -> int:
        return len(self._row_ids)

    def require_space(self, embedding_space_id: str) -> None:
        """
        Refuse to compare embeddings of two networks.

        Raises:
            SpaceMismatch: the gallery was made with another network.

        """
        self.info.require_space(self.location, embedding_space_id)

    def ids(self) -> list[str]:
        """List all ids, in the gallery's order."""
        return [str(label) for label in self._column(["id"])["id"].to_pylist()]

    def positions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Read all latitudes and longitudes: [N] each, WGS84 degrees, NaN where unknown."""
        table = self._column(["latitude", "longitude"])
        return degrees(table, "latitude"), degrees(table, "longitude")

    def read(self) -> GalleryRows:
        """
        Read everything into memory: N rows of 4 D bytes.

        Raises:
            ArtifactError: the files are damaged.

        """
        rows = np.arange(len(self))
        places = self.places(rows)
        return GalleryRows(
            places.ids, places.paths, places.latitudes, places.longitudes, self.embeddings(rows)
        )

    def places(self, rows: NDArray[np.int64]) -> Places:
        """
        Read names and positions of some rows.

        Args:
            rows: [n] row numbers in any order.

        Returns:
            n places, in the order of `rows`.

        Raises:
            DataError: a row is not in 0..N-1.
            ArtifactError: the files are damaged.

        """
        table = self._take(["id", "path", "latitude", "longitude"], self._checked(rows))
        return Places(
            ids=tuple(table["id"].to_pylist()),
            paths=tuple(table["path"].to_pylist()),
            latitudes=degrees(table, "latitude"),
            longitudes=degrees(table, "longitude"),
        )

    def embeddings(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """
        Read the embeddings of some rows.

        Args:
            rows: [n] row numbers in any order.

        Returns:
            [n, D] float32, in the order of `rows`.

        Raises:
            DataError: a row is not in 0..N-1.
            ArtifactError: the files are damaged.

        """
        table = self._take(["embedding"], self._checked(rows))
        return embedding_rows(table, self.info.embedding_dim)

    def blocks(
        self, rows: NDArray[np.int64] | None = None, block_rows: int = BLOCK_ROWS
    ) -> Iterator[NDArray[np.float32]]:
        """
        Stream embeddings from disk, one block in memory at a time.

        Args:
            rows: [n] row numbers; None takes all, in the gallery's order.
            block_rows: rows of one block; the last one has what is left.

        Yields:
            [block_rows, D] float32, in the order of `rows`.

        Raises:
            DataError: a row is not in 0..N-1.
            ArtifactError: the files are damaged.

        """
        wanted = np.arange(len(self)) if rows is None else self._checked(rows)
        for start in range(0, len(wanted), block_rows):
            yield self.embeddings(wanted[start : start + block_rows])

    def select(self, area: Area) -> NDArray[np.int64]:
        """
        Find the places inside an area. Places without coordinates are in none.

        Returns:
            Rising row numbers.

        Raises:
            ArtifactError: the files are damaged.

        """
        with lance_errors(f"read the gallery {self.location}"):
            near = scan(self.table, ["latitude", "longitude"], where=sql_of(area))
        inside = area.contains(degrees(near, "latitude"), degrees(near, "longitude"))
        return np.sort(self.rows_of(near["_rowid"].to_numpy()[inside]))

    def rows_of(self, row_ids: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Tell the row numbers [n] of Lance's row ids [n] in `table`."""
        return self._by_row_id[np.searchsorted(self._row_ids, row_ids, sorter=self._by_row_id)]

    @cached_property
    def _by_row_id(self) -> NDArray[np.int64]:
        return np.argsort(self._row_ids, kind="stable")

    @cached_property
    def _row_ids(self) -> NDArray[np.uint64]:
        with lance_errors(f"read the gallery {self.location}"):
            return row_ids_in_order(self.table)

    def _checked(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        outside = rows[(rows < 0) | (rows >= len(self))]
        if len(outside):
            raise DataError(
                f"{self.location}: expected rows from 0 to {len(self) - 1}, got {outside[0]}"
            )
        return rows

    def _column(self, columns: list[str]) -> "pyarrow.Table":
        with lance_errors(f"read the gallery {self.location}"):
            return aligned(scan(self.table, columns), self._row_ids)

    def _take(self, columns: list[str], rows: NDArray[np.int64]) -> "pyarrow.Table":
        with lance_errors(f"read the gallery {self.location}"):
            return take(self.table, columns, self._row_ids[rows])
