"""What the user points at: an image, a folder, a glob, a CSV, a Parquet file, standard input."""

import glob
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import DataError
from ..images import IMAGE_SUFFIXES
from ..item import Item
from ..object_store import is_stored
from .items import ItemColumns, labels_of, refuse_doubled_ids
from .path_list import read_path_list
from .rows import TABLE_SUFFIXES
from .stored import read_stored
from .table import read_table

STANDARD_INPUT = "-"

_MAP_SUFFIXES = frozenset({".mbtiles", ".vrt"})
"""Maps that cannot be taken for one picture, as a .tif can; see `clnet.runtime.maps`."""


def read_source(source: str | Path, *, path_column: str = "path") -> Sequence[Item]:
    """
    List the images of one source. Images are not opened.

    Args:
        source: an image; a folder, searched with its sub-folders; a glob pattern such as
            `tiles/**/*.png`; a CSV or Parquet file with the columns `path`, `id` (optional),
            `latitude` and `longitude` (optional, degrees), `heading` and `fov` (optional,
            degrees, of a photograph; or `heading_deg` and `fov_deg`); or `-`, a list of paths on
            standard input. Paths in a table are relative to it. An image, a folder or a table
            may lie in an object store: `s3://bucket/tiles`, `gs://bucket/places.csv`.
        path_column: the column of a CSV or Parquet file that names the images.

    Returns:
        At least one item, in the file's order or sorted by path. The id of an image without
        an `id` column is its path below the folder, without suffix unless that is doubled.

    Raises:
        DataError: nothing there, no images, no such column, a doubled id, or a coordinate
            that is not on the globe; the row is named.

    """
    if str(source) == STANDARD_INPUT:
        return read_path_list(sys.stdin.buffer)
    if is_stored(str(source)):
        return read_stored(str(source), path_column)
    path = Path(source)
    if path.is_dir():
        return _images(path, path.rglob("*"), f"the folder {path}")
    if path.suffix.lower() in TABLE_SUFFIXES and path.is_file():
        return read_table(path, path_column)
    if path.is_file():
        if path.suffix.lower() in _MAP_SUFFIXES:
            raise DataError(f"{path} is a map: say how large its tiles shall be (--tile-m)")
        return [Item(path.stem, path)]
    if glob.has_magic(str(source)):
        found = (Path(name) for name in glob.iglob(str(source), recursive=True))  # noqa: PTH207
        return _images(_fixed_part(path), found, f"the pattern {source}")
    raise DataError(
        f"{source} does not exist: expected an image, a folder, a glob, a CSV or a Parquet file, "
        "or - for a list on standard input"
    )


def read_sources(sources: Iterable[str | Path], *, path_column: str = "path") -> Sequence[Item]:
    """
    List the images of several sources, one after the other.

    Raises:
        DataError: as `read_source`; or two sources hold the same id.

    """
    parts = [read_source(source, path_column=path_column) for source in sources]
    if len(parts) == 1:
        return parts[0]
    items = [item for part in parts for item in part]
    refuse_doubled_ids("the sources", [item.id for item in items])
    return items


def _images(root: Path, found: Iterable[Path], name: str) -> Sequence[Item]:
    paths = sorted(path for path in found if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        suffixes = " ".join(sorted(IMAGE_SUFFIXES))
        raise DataError(f"{name} holds no images ({suffixes})")
    items = ItemColumns()
    labels = labels_of([path.relative_to(root).as_posix() for path in paths])
    for label, path in zip(labels, paths, strict=True):
        items.append(label, str(path))
    return items


def _fixed_part(pattern: Path) -> Path:
    """Take the folders of a pattern before the first one with a wildcard."""
    fixed = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed
