"""What the user points at (image, folder, glob, CSV, Parquet), as a list of items."""

import glob
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .errors import DataError
from .geo import position_problem
from .images import IMAGE_SUFFIXES
from .item import Item
from .tables import TABLE_SUFFIXES, Row, read_rows


def read_source(source: str | Path, *, path_column: str = "path") -> list[Item]:
    """
    List the images of one source. Images are not opened.

    Args:
        source: an image; a folder, searched with its sub-folders; a glob pattern such as
            `tiles/**/*.png`; or a CSV or Parquet file with the columns `path`, `id`
            (optional), `latitude` and `longitude` (optional, degrees). Paths in a file are
            relative to it.
        path_column: the column of a CSV or Parquet file that names the images.

    Returns:
        At least one item, in the file's order or sorted by path. The id of an image without
        an `id` column is its path below the folder, without suffix unless that is doubled.

    Raises:
        DataError: nothing there, no images, no such column, a doubled id, or a coordinate
            that is not on the globe; the row is named.

    """
    path = Path(source)
    if path.is_dir():
        return _images(path, path.rglob("*"), f"the folder {path}")
    if path.suffix.lower() in TABLE_SUFFIXES and path.is_file():
        return _table(path, path_column)
    if path.is_file():
        return [Item(path.stem, path)]
    if glob.has_magic(str(source)):
        found = (Path(name) for name in glob.iglob(str(source), recursive=True))  # noqa: PTH207
        return _images(_fixed_part(path), found, f"the pattern {source}")
    raise DataError(
        f"{source} does not exist: expected an image, a folder, a glob, a CSV or a Parquet file"
    )


def read_sources(sources: Iterable[str | Path], *, path_column: str = "path") -> list[Item]:
    """
    List the images of several sources, one after the other.

    Raises:
        DataError: as `read_source`; or two sources hold the same id.

    """
    items = [item for source in sources for item in read_source(source, path_column=path_column)]
    _refuse_doubled_ids("the sources", [item.id for item in items])
    return items


def _images(root: Path, found: Iterable[Path], name: str) -> list[Item]:
    paths = sorted(path for path in found if path.suffix.lower() in IMAGE_SUFFIXES)
    if not paths:
        suffixes = " ".join(sorted(IMAGE_SUFFIXES))
        raise DataError(f"{name} holds no images ({suffixes})")
    below = [path.relative_to(root) for path in paths]
    stems = Counter(path.with_suffix("").as_posix() for path in below)
    bare = [path.with_suffix("").as_posix() for path in below]
    return [
        Item(stem if stems[stem] == 1 else relative.as_posix(), path)
        for path, relative, stem in zip(paths, below, bare, strict=True)
    ]


def _fixed_part(pattern: Path) -> Path:
    """Take the folders of a pattern before the first one with a wildcard."""
    fixed = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _table(path: Path, path_column: str) -> list[Item]:
    rows = read_rows(path)
    if not rows:
        raise DataError(f"{path}: no rows; expected a header and at least one image")
    columns = list(rows[0].values)
    if path_column not in columns:
        raise DataError(
            f"{path}: no column {path_column!r}; it has {', '.join(columns)}; "
            "name the images' column with --path-column"
        )
    if ("latitude" in columns) != ("longitude" in columns):
        raise DataError(f"{path}: expected both latitude and longitude, or neither")
    items = [_item(path, row, path_column) for row in rows]
    _refuse_doubled_ids(str(path), [item.id for item in items])
    return items


def _item(table: Path, row: Row, path_column: str) -> Item:
    where = f"{table} {row.name}"
    name = row.values[path_column]
    if not isinstance(name, str) or not Path(name).name:  # "/" and "." have no name
        raise DataError(f"{where}: expected a path in column {path_column!r}, got {name!r}")
    label = row.values.get("id", str(Path(name).with_suffix("")))
    if label is None or str(label) == "":
        raise DataError(f"{where}: the id is empty")
    latitude, longitude = _position(where, row)
    return Item(str(label), table.parent / name, latitude, longitude)


def _position(where: str, row: Row) -> tuple[float, float] | tuple[None, None]:
    given = (row.values.get("latitude"), row.values.get("longitude"))
    if all(value in (None, "") for value in given):
        return None, None
    latitude, longitude = (_number(value) for value in given)
    problem = position_problem(latitude, longitude)
    if problem:
        raise DataError(f"{where}: expected degrees, got {given[0]!r}, {given[1]!r}: {problem}")
    return latitude, longitude


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _refuse_doubled_ids(name: str, ids: list[str]) -> None:
    doubled = [label for label, count in Counter(ids).items() if count > 1]
    if doubled:
        raise DataError(
            f"{name}: {len(doubled)} ids occur more than once, the first is {doubled[0]!r}; "
            "every image needs its own"
        )
