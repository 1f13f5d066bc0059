"""A gallery on disk: embeddings with ids and coordinates, in a LanceDB table."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .embeddings import check_matrix, check_not_collapsed, check_unit
from .errors import ArtifactError, ConfigError, DataError, ShapeError, SpaceMismatch
from .gallery_table import GalleryInfo, column, info_of, record_batch, schema_of
from .item import Item

if TYPE_CHECKING:
    import lancedb
    import pyarrow

TABLE = "places"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class GalleryRows:
    """A gallery in memory, in the order in which its places were added."""

    ids: tuple[str, ...]
    """[N]."""

    paths: tuple[str, ...]
    """[N] image files, as they stood when they were embedded."""

    latitudes: NDArray[np.float64]
    """[N] WGS84 degrees; NaN where unknown."""

    longitudes: NDArray[np.float64]
    """[N] WGS84 degrees; NaN where unknown."""

    embeddings: NDArray[np.float32]
    """[N, D], rows of unit length."""


class Gallery:
    """
    An opened gallery. Readers need no lock: they see whole commits.

    `Gallery.open` reads one that exists; `gallery_writer` adds to it or makes a new one.
    """

    def __init__(self, path: Path, table: "lancedb.table.Table", info: GalleryInfo) -> None:
        self.path = path
        self.info = info
        self._table = table

    @classmethod
    def open(cls, path: Path) -> "Gallery":
        """
        Open a gallery to read it.

        Raises:
            ArtifactError: no gallery is there, or it is damaged.

        """
        if not _holds_table(path):
            raise ArtifactError(f"{path} is no gallery; make one with clnet-embed")
        import lancedb

        try:
            table = lancedb.connect(str(path)).open_table(TABLE)
            return cls(path, table, info_of(path, table.schema))
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(f"cannot open the gallery {path}: {error}") from error

    def __len__(self) -> int:
        return int(self._table.count_rows())

    def require_space(self, embedding_space_id: str) -> None:
        """
        Refuse to compare embeddings of two networks.

        Raises:
            SpaceMismatch: the gallery was made with another network.

        """
        if embedding_space_id != self.info.embedding_space_id:
            raise SpaceMismatch(
                f"{self.path} holds embeddings of space {self.info.embedding_space_id}, "
                f"the bundle makes {embedding_space_id}; take the bundle that made the gallery, "
                "or embed into a new one"
            )

    def ids(self) -> list[str]:
        """List the ids in the order in which they were added."""
        return [str(label) for label in self._read(["id"])["id"].to_pylist()]

    def read(self) -> GalleryRows:
        """
        Read everything into memory.

        Raises:
            ArtifactError: the files are damaged.

        """
        table = self._read(["id", "path", "latitude", "longitude", "embedding"])
        return GalleryRows(
            ids=tuple(table["id"].to_pylist()),
            paths=tuple(table["path"].to_pylist()),
            latitudes=column(table, "latitude"),
            longitudes=column(table, "longitude"),
            embeddings=column(table, "embedding").reshape(-1, self.info.embedding_dim),
        )

    def _read(self, columns: list[str]) -> "pyarrow.Table":
        try:
            query = self._table.search().select(columns).with_row_id(True)
            table = query.limit(max(1, len(self))).to_arrow()
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(f"cannot read the gallery {self.path}: {error}") from error
        # Row ids grow with insertion. LanceDB scans in that order today, but promises nothing.
        row_ids = table["_rowid"].to_numpy()
        ordered = bool((row_ids[1:] > row_ids[:-1]).all())
        return table if ordered else table.sort_by("_rowid")


class GalleryWriter:
    """Adds places to a gallery that nobody else writes to."""

    def __init__(self, gallery: Gallery) -> None:
        self.gallery = gallery
        self.ids = set(gallery.ids())

    def append(self, items: Sequence[Item], embeddings: NDArray[np.float32]) -> int:
        """
        Add places in one commit: all of them or none. Ids that are there are skipped.

        Args:
            items: n places, no id twice.
            embeddings: [n, D] float32, rows of unit length.

        Returns:
            How many were added.

        Raises:
            ShapeError: `embeddings` is not float32 [n, D].
            EmbeddingError: rows are not finite, not of unit length or all one point.
            DataError: an id occurs twice in `items`.
            ArtifactError: the disk refused.

        """
        name = f"embeddings for {self.gallery.path}"
        check_matrix(name, embeddings, self.gallery.info.embedding_dim)
        if len(embeddings) != len(items):
            raise ShapeError(name, f"{len(items)} rows", f"{len(embeddings)}")
        check_unit(name, embeddings)
        check_not_collapsed(name, embeddings)
        if len({item.id for item in items}) != len(items):
            raise DataError(f"{name}: an id occurs twice in one block")
        new = [row for row, item in enumerate(items) if item.id not in self.ids]
        if new:
            self._commit([items[row] for row in new], embeddings[new])
        return len(new)

    def _commit(self, items: list[Item], embeddings: NDArray[np.float32]) -> None:
        try:
            self.gallery._table.add(record_batch(self.gallery.info, items, embeddings))
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(f"cannot write to {self.gallery.path}: {error}") from error
        self.ids.update(item.id for item in items)


@contextmanager
def gallery_writer(path: Path, info: GalleryInfo) -> Iterator[GalleryWriter]:
    """
    Open a gallery to add to it, or make a new one; nobody else can until the block ends.

    Args:
        path: the gallery's folder.
        info: what the embeddings will be; an existing gallery must hold the same.

    Raises:
        ArtifactError: `path` is something else, cannot be written, or another process writes.
        SpaceMismatch: the gallery holds embeddings of another network.
        ConfigError: it holds another dimension, view or number format.

    """
    _refuse_foreign(path)
    with _locked(path):
        if not _holds_table(path):
            _create(path, info)
        gallery = Gallery.open(path)
        gallery.require_space(info.embedding_space_id)
        if gallery.info != info:
            raise ConfigError(f"{path} holds {gallery.info.words}, asked for was {info.words}")
        yield GalleryWriter(gallery)


def _holds_table(path: Path) -> bool:
    """Whether a table was committed: a creation that was killed leaves no manifest."""
    return any((path / f"{TABLE}.lance" / "_versions").glob("*.manifest"))


def _refuse_foreign(path: Path) -> None:
    try:
        if path.exists() and not path.is_dir():
            raise ArtifactError(f"{path} is a file; a gallery is a folder: choose another place")
        known = {LOCK, f"{TABLE}.lance"}
        foreign = (
            sorted(p.name for p in path.iterdir() if p.name not in known) if path.exists() else []
        )
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    if foreign and not _holds_table(path):
        raise ArtifactError(
            f"{path} is no gallery, it holds {foreign[0]}: choose an empty or a new folder"
        )


def _create(path: Path, info: GalleryInfo) -> None:
    import lancedb

    try:
        # What a killed creation left is overwritten; elsewhere `overwrite` makes Lance warn.
        mode = "overwrite" if (path / f"{TABLE}.lance").exists() else "create"
        lancedb.connect(str(path)).create_table(TABLE, schema=schema_of(info), mode=mode)
    except (OSError, RuntimeError, ValueError) as error:
        raise ArtifactError(f"cannot make a gallery in {path}: {error}") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        path.mkdir(parents=True, exist_ok=True)
        stream = (path / LOCK).open("w")
    except OSError as error:
        raise ArtifactError(f"cannot write {path}: {error.strerror or error}") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArtifactError(
                f"another process is writing to {path}: wait for it, or end it"
            ) from error
        yield
