"""Rows of CSV and Parquet files, one at a time."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError

TABLE_SUFFIXES = frozenset({".csv", ".parquet"})

BATCH_ROWS = 8192
"""Rows of a Parquet file that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and where it stands."""

    name: str
    """`line 3` of a CSV (the header is line 1), `row 3` of a Parquet file (from 1)."""

    values: dict[str, object]
    """By column: text in a CSV; text, numbers or None in Parquet."""


def read_columns(path: Path) -> list[str]:
    """
    Read the names of a table's columns.

    Args:
        path: a `.csv` file in UTF-8 whose first line names the columns, or a `.parquet` file.

    Returns:
        The names in their order; nothing for an empty CSV.

    Raises:
        DataError: the file cannot be read, or a name occurs twice.

    """
    columns = _parquet_columns(path) if _is_parquet(path) else _csv_columns(path)
    doubled = {name for name in columns if columns.count(name) > 1}
    if doubled:
        raise DataError(f"{path}: the column {min(doubled)!r} occurs twice; rename one")
    return columns


def read_rows(path: Path, wanted: Collection[str]) -> Iterator[Row]:
    """
    Read a table row by row.

    Args:
        path: as `read_columns` takes it.
        wanted: the columns to read, all of them among `read_columns`.

    Yields:
        One `Row` after the other, with the wanted columns alone.

    Raises:
        DataError: the file cannot be read, or a row is longer or shorter than the header.

    """
    return _parquet_rows(path, wanted) if _is_parquet(path) else _csv_rows(path, wanted)


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() == ".parquet"


def _csv_columns(path: Path) -> list[str]:
    for _, fields in _csv_lines(path):
        return fields
    return []


def _csv_rows(path: Path, wanted: Collection[str]) -> Iterator[Row]:
    lines = _csv_lines(path)
    _, columns = next(lines, (0, []))
    places = [(name, place) for place, name in enumerate(columns) if name in wanted]
    for line, fields in lines:
        if len(fields) != len(columns):
            raise DataError(
                f"{path} line {line}: expected as many fields as the header has, "
                f"{len(columns)}; got {len(fields)}"
            )
        yield Row(f"line {line}", {name: fields[place] for name, place in places})


def _csv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            for fields in reader:
                if fields:
                    yield reader.line_num, fields
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {error}; expected CSV in UTF-8") from error


def _parquet_columns(path: Path) -> list[str]:
    import pyarrow
    from pyarrow import parquet

    try:
        names: list[str] = parquet.read_schema(path).names
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"cannot read {path}: {error}; expected Parquet") from error
    return names


def _parquet_rows(path: Path, wanted: Collection[str]) -> Iterator[Row]:
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            batches = file.iter_batches(BATCH_ROWS, columns=list(wanted))
            records = (record for batch in batches for record in batch.to_pylist())
            for number, record in enumerate(records, start=1):
                yield Row(f"row {number}", record)
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"cannot read {path}: {error}; expected Parquet") from error
