"""Failure signatures: a table each, whose title says when it is met."""

from collections.abc import Sequence

from ..records.signature_result import SignatureResult
from .table import ABSENT, Column, Table, table_of

_COLUMNS: tuple[Column[SignatureResult], ...] = (
    Column("run", lambda row: row.subject, is_number=False),
    Column("verdict", lambda row: _verdict(row), is_number=False),
    Column("figures", lambda row: _figures(row), is_number=False),
)


def signature_tables(rows: Sequence[SignatureResult]) -> tuple[Table, ...]:
    """Make a table for each signature and rule."""
    groups: dict[tuple[str, str], list[SignatureResult]] = {}
    for row in rows:
        groups.setdefault((row.signature, row.rule), []).append(row)
    return tuple(
        table_of(f"failure signature: {name}; met by {rule}", _COLUMNS, found)
        for (name, rule), found in groups.items()
    )


def _verdict(row: SignatureResult) -> str:
    return row.verdict.upper() if row.verdict == "met" else row.verdict


def _figures(row: SignatureResult) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in row.figures.items()) or ABSENT
