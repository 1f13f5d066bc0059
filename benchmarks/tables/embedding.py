"""Files to embeddings: one table a network."""

from collections.abc import Sequence

from ..records.embedding_result import EmbeddingResult
from .table import Column, Table, number, table_of, yes_no

_COLUMNS: tuple[Column[EmbeddingResult], ...] = (
    Column("view", lambda row: row.view, is_number=False),
    Column("backend", lambda row: row.backend, is_number=False),
    Column("precision", lambda row: row.precision, is_number=False),
    Column("file", lambda row: f"{row.file_width} x {row.file_height}"),
    Column("KiB", lambda row: number(row.file_kib, 0)),
    Column("batch", lambda row: str(row.batch)),
    Column("backend/s", lambda row: number(row.backend_images_per_s, 2)),
    Column("files/s", lambda row: number(row.files_images_per_s, 2)),
    Column("decode/s", lambda row: number(row.decode_images_per_s, 1)),
    Column("x backend", lambda row: number(row.ratio_to_backend, 3)),
    Column("identical", lambda row: yes_no(row.identical), is_number=False),
    Column(
        "MiB above",
        lambda row: number(row.memory.above_backend_mib if row.memory else None, 0),
        is_optional=True,
    ),
    Column(
        "MiB/1000",
        lambda row: number(row.memory.slope_mib if row.memory else None, 2),
        is_optional=True,
    ),
    Column("runs", lambda row: str(row.samples)),
)


def embedding_tables(rows: Sequence[EmbeddingResult]) -> tuple[Table, ...]:
    """Make a table for each network."""
    networks = dict.fromkeys((row.network, row.images) for row in rows)
    return tuple(
        table_of(
            f"{network}, {images:,} JPEG files to embeddings, images a second",
            _COLUMNS,
            [row for row in rows if (row.network, row.images) == (network, images)],
        )
        for network, images in networks
    )
