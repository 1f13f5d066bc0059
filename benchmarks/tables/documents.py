"""
Tables in documents, written from committed rows.

A document says which rows it shows, and nobody types a figure:

    <!-- table: benchmarks/results/MACHINE/latency.jsonl batch=8 columns="view,p50 ms" -->
    <!-- end of table -->

Words after the file choose rows by their fields (`batch=1,8` takes either) or, by `columns`,
the columns to show.
"""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from ...runtime.atomic import file_written_aside
from ...runtime.errors import ArtifactError
from ..records.lines import read_rows
from ..records.result import Result
from .kinds import tables_of
from .markdown import markdown
from .table import Table

_TABLE = re.compile(r"(<!-- table: (.*?) -->\n)(.*?)(<!-- end of table -->)", re.DOTALL)
_BEGIN = re.compile(r"<!-- table: ")


def documents_of(root: Path) -> tuple[Path, ...]:
    """List the documents of a project: its README and its docs, in order."""
    return (root / "README.md", *sorted((root / "docs").glob("*.md")))


def stale_documents(documents: Sequence[Path], root: Path) -> tuple[Path, ...]:
    """
    List the documents whose tables differ from their rows.

    Raises:
        ArtifactError: as `renewed`.

    """
    return tuple(path for path in documents if renewed(path, root) != path.read_text())


def renew(documents: Sequence[Path], root: Path) -> tuple[Path, ...]:
    """
    Write the tables of documents anew; list the documents that changed.

    Raises:
        ArtifactError: as `renewed`, or a document cannot be written.

    """
    stale = stale_documents(documents, root)
    for path in stale:
        with file_written_aside(path) as aside:
            aside.write_text(renewed(path, root))
    return stale


def renewed(document: Path, root: Path) -> str:
    """
    Give a document's text with its tables as their rows say.

    Args:
        document: Markdown.
        root: what the rows' files are relative to.

    Raises:
        ArtifactError: the document cannot be read, a table has no end, its file cannot be read,
            or no row or column is chosen; document and table are named.

    """
    try:
        text = document.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"cannot read {document}: {error}") from error
    if len(_BEGIN.findall(text)) != len(_TABLE.findall(text)):
        raise ArtifactError(f"{document}: a table has no end; write <!-- end of table --> after it")

    def fresh(match: re.Match[str]) -> str:
        try:
            return f"{match[1]}{_body(match[2], root)}\n{match[4]}"
        except ArtifactError as error:
            raise ArtifactError(f"{document}: table {match[2]}: {error}") from error

    return _TABLE.sub(fresh, text)


def _body(words: str, root: Path) -> str:
    file, *choices = shlex.split(words)
    wanted = dict(choice.partition("=")[::2] for choice in choices)
    columns = wanted.pop("columns", None)
    tables = tables_of(_chosen(read_rows(root / file), wanted))
    if columns is not None:
        tables = tuple(_narrowed(table, columns.split(",")) for table in tables)
    if len(tables) == 1:
        return markdown(tables[0])
    return "\n\n".join(f"*{table.title}*\n\n{markdown(table)}" for table in tables)


def _chosen(rows: Sequence[Result], wanted: dict[str, str]) -> list[Result]:
    found = [
        row
        for row in rows
        if all(
            str(getattr(row, field, None)) in values.split(",") for field, values in wanted.items()
        )
    ]
    if not found:
        raise ArtifactError(f"no row of {len(rows)} has {wanted}; choose by fields that rows have")
    return found


def _narrowed(table: Table, columns: Sequence[str]) -> Table:
    names = [head.name for head in table.heads]
    unknown = [column for column in columns if column not in names]
    if unknown:
        raise ArtifactError(f"no column {unknown[0]!r}; there are {', '.join(names)}")
    at = [names.index(column) for column in columns]
    return Table(
        title=table.title,
        heads=tuple(table.heads[i] for i in at),
        lines=tuple(tuple(line[i] for i in at) for line in table.lines),
    )
