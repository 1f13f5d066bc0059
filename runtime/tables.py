"""Rows of CSV and Parquet files."""

import csv
from dataclasses import dataclass
from pathlib import Path

from .errors import DataError

TABLE_SUFFIXES = frozenset({".csv", ".parquet"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row and where it stands."""

    name: str
    """`line 3` of a CSV (the header is line 1), `row 3` of a Parquet file (from 1)."""

    values: dict[str, object]
    """By column: text in a CSV; text, numbers or None in Parquet."""


def read_rows(path: Path) -> list[Row]:
    """
    Read a whole table.

    Args:
        path: a `.csv` file in UTF-8 whose first line names the columns, or a `.parquet` file.

    Raises:
        DataError: the file cannot be read, or a row is longer or shorter than the header.

    """
    return _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)


def _csv(path: Path) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            rows = [Row(f"line {reader.line_num}", dict(row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {error}; expected CSV in UTF-8") from error
    for row in rows:
        if None in row.values or None in row.values.values():
            raise DataError(f"{path} {row.name}: expected as many fields as the header has")
    return rows


def _parquet(path: Path) -> list[Row]:
    import pyarrow
    from pyarrow import parquet

    try:
        records = parquet.read_table(path).to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"cannot read {path}: {error}; expected Parquet") from error
    return [Row(f"row {number}", record) for number, record in enumerate(records, start=1)]
