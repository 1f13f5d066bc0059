"""Items from a CSV or Parquet file."""

import math
from collections.abc import Sequence
from pathlib import Path

from ..errors import DataError
from ..geo import position_problem
from ..object_store import is_stored
from ..panorama import crop_problem
from .items import Angles, ItemColumns, labels_of, refuse_doubled_ids
from .rows import Row, read_columns, read_rows

ANGLE_COLUMNS = (
    ("latitude", "lat"),
    ("longitude", "lon", "lng"),
    ("heading", "heading_deg"),
    ("fov", "fov_deg"),
)
"""Names of the columns of degrees; where a table has both, the first counts."""

OPTIONAL_COLUMNS = ("id", *(name for names in ANGLE_COLUMNS for name in names))


def read_table(path: Path, path_column: str, folder: str | None = None) -> ItemColumns:
    """
    List the images of a table.

    Args:
        path: a `.csv` or `.parquet` file.
        path_column: the column that names images, relative to the file, or by their address in
            an object store.
        folder: what they are relative to instead: where the file was copied from.

    Raises:
        DataError: no such column, no rows, a doubled id, or a row that cannot be used, by name.

    """
    columns = read_columns(path)
    _check_columns(path, columns, path_column)
    wanted = [path_column, *(name for name in OPTIONAL_COLUMNS if name in columns)]
    items = ItemColumns()
    names = []
    for row in read_rows(path, wanted):
        try:
            name = _name(row, path_column)
            items.append(_label(row, name), _below(folder or path.parent, name), _angles(row))
        except DataError as error:
            raise DataError(f"{path} {row.name}: {error}") from error
        names.append(name)
    if "id" not in columns:
        items.ids = labels_of(names)
    if not items:
        raise DataError(f"{path}: no rows; expected a header and at least one image")
    refuse_doubled_ids(str(path), items.ids)
    return items


def _check_columns(path: Path, columns: Sequence[str], path_column: str) -> None:
    if not columns:
        raise DataError(f"{path}: no rows; expected a header and at least one image")
    if path_column not in columns:
        raise DataError(
            f"{path}: no column {path_column!r}; it has {', '.join(columns)}; "
            "name the images' column with --path-column"
        )
    has_latitude, has_longitude = (
        not set(names).isdisjoint(columns) for names in ANGLE_COLUMNS[:2]
    )
    if has_latitude != has_longitude:
        raise DataError(f"{path}: expected both latitude and longitude, or neither")


def _name(row: Row, path_column: str) -> str:
    name = row.values[path_column]
    if not isinstance(name, str) or not name.strip("/."):
        raise DataError(f"expected a path in column {path_column!r}, got {name!r}")
    return name


def _below(folder: Path | str, name: str) -> str:
    if is_stored(name):
        return name
    return f"{folder}/{name}" if isinstance(folder, str) else str(folder / name)


def _label(row: Row, name: str) -> str:
    label = row.values.get("id", name)
    if label is None or label == "":
        raise DataError("the id is empty")
    return str(label)


def _angles(row: Row) -> Angles:
    values = row.values
    given = [
        next((values[name] for name in names if name in values), None) for names in ANGLE_COLUMNS
    ]
    latitude, longitude, heading, fov = (_number(value) for value in given)
    if latitude is not None or longitude is not None:
        problem = position_problem(_or_nan(latitude), _or_nan(longitude))
        if problem:
            raise DataError(f"expected degrees, got {given[0]!r}, {given[1]!r}: {problem}")
    if heading is not None or fov is not None:
        problem = crop_problem(0.0 if heading is None else heading, 360.0 if fov is None else fov)
        if problem:
            raise DataError(f"expected degrees, got {given[2]!r}, {given[3]!r}: {problem}")
    return latitude, longitude, heading, fov


def _number(value: object) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
