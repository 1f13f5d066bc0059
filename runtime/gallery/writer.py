"""Adding places to a gallery: by whole commits, from one network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embeddings import check_matrix, check_unit
from ..errors import ShapeError
from ..item import Item
from .location import Location, lance_errors
from .lock import writing
from .order import scan
from .places import Places
from .table import GalleryInfo, info_of, places_table
from .upkeep import COMPACT_COMMITS, compact_if_scattered

_UNKNOWN = -1


class GalleryWriter:
    """
    Adds places to a gallery.

    In a folder nobody else writes meanwhile. In object storage others may: an id that they
    commit at the same moment is skipped here, or there.
    """

    def __init__(self, location: Location, info: GalleryInfo) -> None:
        self.info = info
        """What the gallery's embeddings are."""
        self.ids: set[str] = set()
        """All ids that the gallery is known to hold."""
        self._location = location
        self._version = _UNKNOWN
        self._next_row = 0
        self._commits = 0
        self._catch_up()

    def append(self, items: Sequence[Item], embeddings: NDArray[np.float32]) -> int:
        """
        Add places in one commit: all of them or none. Ids that are there are skipped.

        Args:
            items: n places, no id twice.
            embeddings: [n, D] float32, rows of unit length, also once they are rounded to the
                gallery's number format.

        Returns:
            How many were added.

        Raises:
            ShapeError: `embeddings` is not float32 [n, D].
            EmbeddingError: rows are not finite or not of unit length.
            DataError: an id occurs twice in `items`, or a position is off the globe.
            SpaceMismatch: the gallery was replaced by one of another network.
            ArtifactError: the disk refused.

        """
        return self.append_places(Places.of(items), embeddings)

    def append_places(self, places: Places, embeddings: NDArray[np.float32]) -> int:
        """Add places that are no items any more, as `append` does."""
        name = f"embeddings for {self._location.text}"
        check_matrix(name, embeddings, self.info.embedding_dim)
        if len(embeddings) != len(places):
            raise ShapeError(name, f"{len(places)} rows", f"{len(embeddings)}")
        check_unit(name, embeddings)
        stored = embeddings.astype(self.info.number_format, copy=False)
        check_unit(name, stored.astype(np.float32, copy=False))
        places.check(name)
        self._catch_up()
        new = np.flatnonzero([label not in self.ids for label in places.ids])
        return self._commit(places.take(new), stored[new]) if len(new) else 0

    def tidy(self) -> None:
        """
        Bring small commits together where there are many.

        Raises:
            ArtifactError: the disk refused; the gallery is whole, as it was.

        """
        compact_if_scattered(self._location, self._table)
        self._version = int(self._table.version)

    def _catch_up(self) -> None:
        """Look at what is there now; where the last commit is not ours, read the ids again."""
        self._table = self._location.open_table()
        held = info_of(self._location.text, self._table.schema)
        held.require_same(self._location.text, self.info)
        if self._table.version == self._version:
            return
        with lance_errors(f"read the gallery {self._location.text}"):
            rows = scan(self._table, ["id", "row"])
        self.ids = set(rows["id"].to_pylist())
        self._next_row = int(rows["row"].to_numpy().max(initial=-1)) + 1
        self._version = int(self._table.version)

    def _commit(self, places: Places, stored: NDArray[Any]) -> int:
        data = places_table(self.info, places, stored, self._next_row)
        with lance_errors(f"write to {self._location.text}"):
            if self._location.folder is not None:
                self._table.add(data)
                added = len(places)
            else:
                # No lock there: Lance compares our ids with those of a rival's commit.
                merge = self._table.merge_insert("id").when_not_matched_insert_all()
                added = int(merge.execute(data).num_inserted_rows)
        alone = self._table.version == self._version + 1
        self._version = int(self._table.version) if alone else _UNKNOWN
        self.ids.update(places.ids)
        self._next_row += len(places)
        self._commits += 1
        if self._commits % COMPACT_COMMITS == 0:
            self.tidy()
        return added


@contextmanager
def gallery_writer(location: str | Path, info: GalleryInfo) -> Iterator[GalleryWriter]:
    """
    Open a gallery to add to it, or make a new one; in a folder nobody else can until this ends.

    Args:
        location: a folder, or `s3://…`, `gs://…`, `az://…`.
        info: what the embeddings will be; an existing gallery must hold the same.

    Raises:
        ArtifactError: `location` is something else, cannot be written, or another process writes.
        SpaceMismatch: the gallery holds embeddings of another network.
        ConfigError: it holds another dimension, view or number format.
        DataError: the location has an unknown scheme.

    """
    place = Location.of(location)
    place.refuse_foreign()
    with writing(place.folder):
        if not place.holds_table():
            place.create_table(info)
        writer = GalleryWriter(place, info)
        yield writer
        writer.tidy()
