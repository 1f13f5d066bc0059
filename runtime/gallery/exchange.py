"""Galleries to GeoParquet files, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..artifact import Artifact
from ..atomic import file_written_aside
from ..errors import DataError
from ..progress import Progress, silent
from .geoparquet import (
    GEO,
    geo_metadata,
    info_of_parquet,
    parquet_schema,
    points_of,
    positions_of,
)
from .places import Places
from .reader import Gallery
from .table import embedding_column, embedding_rows
from .writer import gallery_writer

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

ROWS = 8192
"""Places of one row group and of one commit: 32 MiB of float32 at D = 1,024."""

_COMPRESSION = {"id": "zstd", "path": "zstd", "geometry": "zstd", "embedding.list.element": "none"}
"""By column: embeddings look like noise and would only cost time."""


class ImportFigures(Artifact):
    """What an import did."""

    added: int
    """Places added to the gallery."""

    skipped: int
    """Places whose id was there already."""

    def line(self) -> str:
        """Sum it up in one line."""
        return f"added {self.added:,}  skipped {self.skipped:,}"


def export_geoparquet(gallery: Gallery, path: Path, *, progress: Progress = silent) -> int:
    """
    Write a gallery as GeoParquet 1.1, in its order and its number format.

    Columns: id, path, geometry (WKB point, longitude and latitude on WGS84, null where unknown),
    embedding (a list of D numbers). The embedding space id and the view stand in the metadata.

    Args:
        gallery: what to write; one row group is in memory at a time.
        path: the file; written aside and renamed.
        progress: told of every place.

    Returns:
        How many places were written.

    Raises:
        ArtifactError: the gallery cannot be read, or the file cannot be written.

    """
    from pyarrow import parquet

    schema = parquet_schema(gallery.info)
    with file_written_aside(path) as aside, progress("export", len(gallery), "places") as advance:
        options = {"compression": _COMPRESSION, "use_dictionary": ["path"]}
        with parquet.ParquetWriter(aside, schema, **options) as writer:
            writer.add_key_value_metadata({GEO: geo_metadata(*gallery.positions())})
            for start in range(0, len(gallery), ROWS):
                rows = np.arange(start, min(start + ROWS, len(gallery)))
                writer.write_table(_parquet_rows(gallery, rows, schema))
                advance(len(rows))
    return len(gallery)


def import_geoparquet(
    path: Path, location: str | Path, *, progress: Progress = silent
) -> ImportFigures:
    """
    Add the places of a file that `export_geoparquet` wrote; ids that are there are skipped.

    An import that was stopped goes on where it was. Everything is checked as if it were embedded.

    Args:
        path: the file.
        location: the gallery, which is made if it is not there.
        progress: told of every place.

    Raises:
        DataError: the file is no such GeoParquet, or a position is off the globe.
        EmbeddingError: an embedding is not finite or not of unit length.
        SpaceMismatch: the gallery holds embeddings of another network.
        ConfigError: the gallery holds another dimension, view or number format.
        ArtifactError: the gallery cannot be written.

    """
    from pyarrow import parquet

    with _readable(path):
        file = parquet.ParquetFile(path)
    with file:
        info = info_of_parquet(str(path), file.schema_arrow, file.metadata.metadata or {})
        total = file.metadata.num_rows
        added = 0
        with (
            gallery_writer(location, info) as writer,
            progress("import", total, "places") as advance,
        ):
            for rows in _row_blocks(path, file):
                places = _places_of(path, rows)
                added += writer.append_places(places, embedding_rows(rows, info.embedding_dim))
                advance(len(places))
    return ImportFigures(added=added, skipped=total - added)


def _parquet_rows(
    gallery: Gallery, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]", schema: "pyarrow.Schema"
) -> "pyarrow.Table":
    import pyarrow as pa

    places = gallery.places(rows)
    columns = [
        pa.array(places.ids, pa.string()),
        pa.array(places.paths, pa.string()),
        points_of(places.latitudes, places.longitudes),
        embedding_column(gallery.info, gallery.embeddings(rows)),
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _row_blocks(path: Path, file: "pyarrow.parquet.ParquetFile") -> Iterator["pyarrow.Table"]:
    import pyarrow as pa

    with _readable(path):
        for batch in file.iter_batches(batch_size=ROWS):
            yield pa.Table.from_batches([batch])


def _places_of(path: Path, rows: "pyarrow.Table") -> Places:
    for name in ("id", "path", "embedding"):
        if rows[name].null_count:
            raise DataError(f"{path}: expected no null in the column {name}")
    latitudes, longitudes = positions_of(str(path), rows["geometry"].combine_chunks())
    ids, paths = (tuple(rows[name].to_pylist()) for name in ("id", "path"))
    return Places(ids, paths, latitudes, longitudes)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    import pyarrow

    try:
        yield
    except (OSError, pyarrow.ArrowException) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"cannot read {path}: {reason}; expected GeoParquet") from error
