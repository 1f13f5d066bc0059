"""Rows as text: one table, what it was measured on, and what is absent."""

from collections.abc import Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ..embedding.embedding import EmbeddingReport
from ..latency.rows import LatencyReport
from ..matching.rows import MatchingReport
from ..records.latency_result import LatencyResult
from ..records.ranking_result import RankingResult
from ..records.result import TimedResult

ABSENT = "-"

_YES_NO = {True: "yes", False: "NO", None: ABSENT}

BUSY_CORES = 0.1
"""Cores in use by others above which a table warns."""

_WIDTH = 200

_SPAN = {
    "network": "from a normalised batch to embeddings",
    "embed": "from uint8 images to embeddings",
}
_LATENCY = (
    "view", "backend", "precision", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "max ms",
    "images/s",
)  # fmt: skip
_COMPARED = {
    "network": ("x eager fp32", "x eager bf16", "min cosine"),
    "embed": ("x fp32", "min cosine to fp32"),
}
_MATCHING = (
    "method", "OPENBLAS_CORETYPE", "median ms", "GFLOP/s", "x FAISS flat", "x product",
    "x read time", "MiB above inputs", "ids = reference", "runs",
)  # fmt: skip
_RANKING = ("method", "median s", "GFLOP/s", "x product time", "MiB above inputs", "runs")
_EMBEDDING = (
    "view", "backend", "precision", "file", "KiB", "batch", "backend/s", "files/s", "decode/s",
    "x backend", "identical", "MiB above", "MiB/1000", "runs",
)  # fmt: skip


def latency_text(report: LatencyReport) -> str:
    """Show a latency report, its advice last; ratios above 1 are faster."""
    first = report.rows[0]
    title = (
        f"{first.network}, {_SPAN[first.span]}, batch {first.batch}, {first.scenario} "
        "(not an MLPerf result)"
    )
    cells = [
        (
            row.view,
            row.backend,
            row.precision,
            *(_number(one, 2) for one in (row.p50_ms, row.p90_ms, row.p95_ms, row.p99_ms)),
            _number(row.max_ms, 2),
            _number(row.images_per_s, 1),
            *_compared(row),
            str(row.samples),
        )
        for row in report.rows
    ]
    columns = (*_LATENCY, *_COMPARED[first.span], "runs")
    table = _text(title, columns, 3, cells, report.rows, report.notes)
    return "\n".join([table, *report.advice])


def _compared(row: LatencyResult) -> tuple[str, ...]:
    if row.span == "embed":
        return (
            _number(row.ratio_to_fp32_reference, 2),
            _number(row.min_cosine_to_fp32_reference, 6),
        )
    return (
        _number(row.ratio_to_torch_eager_fp32, 2),
        _number(row.ratio_to_torch_eager_bf16, 2),
        _number(row.min_cosine_to_torch_eager_fp32, 6),
    )


def matching_text(report: MatchingReport) -> str:
    """Show a matching report; ratios above 1 are faster than FAISS or than the product."""
    first = report.rows[0]
    title = (
        f"{first.queries} queries x {first.gallery} rows x {first.dim}-d, K = {first.k}, "
        f"{first.data} vectors"
    )
    cells = [
        (
            row.method,
            row.blas_coretype,
            _number(row.median_ms, 1),
            _number(row.gflops, 1),
            _number(row.ratio_to_faiss_flat, 2),
            _number(row.ratio_to_product, 2),
            _number(row.ratio_to_read, 2),
            _number(row.peak_above_inputs_mib, 0),
            _YES_NO[row.identical_to_reference],
            str(row.samples),
        )
        for row in report.rows
    ]
    return _text(title, _MATCHING, 2, cells, report.rows, report.notes)


def ranking_text(rows: Sequence[RankingResult]) -> str:
    """Show ranks beside their bare product; the ratio is 1 where only the product costs time."""
    first = rows[0]
    title = f"ranks of {first.queries} queries x {first.gallery} rows x {first.dim}-d"
    cells = [
        (
            row.method,
            _number(row.median_s, 2),
            _number(row.gflops, 1),
            _number(row.ratio_to_product, 2),
            _number(row.peak_above_inputs_mib, 0),
            str(row.samples),
        )
        for row in rows
    ]
    return _text(title, _RANKING, 1, cells, rows, ())


def embedding_text(report: EmbeddingReport) -> str:
    """Show files to embeddings; the ratio is 1 where decoding costs nothing."""
    first = report.rows[0]
    title = f"{first.network}, {first.images} JPEG files to embeddings, images a second"
    cells = [
        (
            row.view,
            row.backend,
            row.precision,
            f"{row.file_width} x {row.file_height}",
            _number(row.file_kib, 0),
            str(row.batch),
            _number(row.backend_images_per_s, 2),
            _number(row.files_images_per_s, 2),
            _number(row.decode_images_per_s, 1),
            _number(row.ratio_to_backend, 3),
            _YES_NO[row.identical],
            _number(row.memory.above_backend_mib if row.memory else None, 0),
            _number(row.memory.slope_mib if row.memory else None, 2),
            str(row.samples),
        )
        for row in report.rows
    ]
    return _text(title, _EMBEDDING, 4, cells, report.rows, report.notes)


def _number(value: float | None, digits: int) -> str:
    return ABSENT if value is None else f"{value:.{digits}f}"


def _text(
    title: str,
    columns: Sequence[str],
    words: int,
    cells: Sequence[Sequence[str]],
    rows: Sequence[TimedResult],
    notes: Sequence[str],
) -> str:
    table = Table(*columns, title=title, title_justify="left", box=SIMPLE_HEAD)
    for column in table.columns[words:]:
        column.justify = "right"
    for line in cells:
        table.add_row(*line)
    stream = StringIO()
    Console(file=stream, width=_WIDTH).print(table)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    lines += [_circumstances(rows), *notes]
    if max(row.others_cores or 0.0 for row in rows) > BUSY_CORES:
        lines.append(
            "others were at work: figures are slow, and ratios unfair to methods whose threads "
            "wait by spinning; measure again on a quiet machine"
        )
    lines += [f"not stationary after warm-up: {name}" for name in _restless(cells, rows)]
    return "\n".join(lines)


def _circumstances(rows: Sequence[TimedResult]) -> str:
    row = rows[0]
    machine = row.machine
    others = [row.others_cores for row in rows if row.others_cores is not None]
    gpu = "" if machine.gpu is None else f"{machine.gpu.name}, "
    power = "" if machine.power_mode is None else f"power mode {machine.power_mode}, "
    return (
        f"{machine.board or machine.processor}, {machine.cores} cores, {gpu}{power}{machine.os}; "
        f"{row.threads} threads; {row.rounds} rounds; "
        f"others used {_number(max(others, default=None), 2)} cores at most; "
        f"TF32 {'on' if row.tf32 else 'off'}; {ABSENT}: not measured"
    )


def _restless(cells: Sequence[Sequence[str]], rows: Sequence[TimedResult]) -> list[str]:
    return [" ".join(line[:2]) for line, row in zip(cells, rows, strict=True) if not row.stationary]
