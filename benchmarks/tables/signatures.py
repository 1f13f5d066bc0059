"""Failure signatures: one table of all checks."""

from collections.abc import Sequence

from ..records.signature_result import SignatureResult
from .table import ABSENT, Column, Table, table_of

_COLUMNS: tuple[Column[SignatureResult], ...] = (
    Column("signature", lambda row: row.signature, is_number=False),
    Column("run", lambda row: row.subject, is_number=False),
    Column("verdict", lambda row: row.verdict.upper() if row.verdict == "met" else row.verdict,
           is_number=False),
    Column("figures", lambda row: _figures(row), is_number=False),
    Column("met if", lambda row: row.rule, is_number=False),
)  # fmt: skip


def signature_tables(rows: Sequence[SignatureResult]) -> tuple[Table, ...]:
    """Make one table, signature by signature."""
    ordered = sorted(rows, key=lambda row: row.signature)
    return (table_of("failure signatures", _COLUMNS, ordered),) if rows else ()


def _figures(row: SignatureResult) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in row.figures.items()) or ABSENT
