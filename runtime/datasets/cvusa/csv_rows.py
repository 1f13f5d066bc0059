"""Rows of a benchmark's CSV: no header, no quotes, a row a line."""

import csv
from pathlib import Path

from ...errors import DataError


def csv_rows(path: Path, layout: str) -> list[list[str]]:
    """
    Read a CSV whole; item i is line i + 1, and empty lines at the end do not count.

    Args:
        path: a file of UTF-8 text.
        layout: whose it is, for messages.

    Raises:
        DataError: the file cannot be read as text.

    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.reader(stream, quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"cannot read {path}: {reason}; expected {layout}'s layout") from error
    while rows and not any(rows[-1]):
        del rows[-1]
    return rows
