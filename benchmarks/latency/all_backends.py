"""Every backend in every precision that can run here, and which of them to take."""

from dataclasses import replace
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.progress import Progress, silent
from .advice import advice
from .by_backend import measure_embed
from .rows import LatencyReport, Method

METHODS: tuple[Method, ...] = (
    Method("onnxruntime", "fp32"),
    Method("openvino", "fp32"),
    Method("openvino", "bf16"),
    Method("onnxruntime-cuda", "fp32"),
    Method("onnxruntime-cuda", "fp16"),
    Method("onnxruntime-tensorrt", "fp32"),
    Method("onnxruntime-tensorrt", "fp16"),
    Method("tensorrt", "fp32"),
    Method("tensorrt", "fp16"),
)
"""What is tried. ONNX Runtime's CPU kernels run fp16 graphs several times slower than fp32 ones:
that pair would only hold up the others, and is measured where it is asked for by name."""


def measure_all_backends(
    bundle: Bundle, folder: Path, *, batch: int, rounds: int, progress: Progress = silent
) -> tuple[LatencyReport, ...]:
    """
    Measure one image at a time, and batches.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        folder: takes what the processes leave.
        batch: B, images of each view in a run; with 1, there is one report.
        rounds: interleaved rounds.
        progress: told about each turn.

    Returns:
        A report for each batch size, with advice; the first one's notes say what cannot run here.

    Raises:
        MeasurementFailed: no backend can run, or one failed while it was measured.

    """
    methods, reports = METHODS, list[LatencyReport]()
    for size in sorted({1, batch}):
        report = measure_embed(
            bundle,
            folder / f"batch-{size}",
            methods=methods,
            skip_absent=True,
            batch=size,
            rounds=rounds,
            progress=progress,
        )
        ran = {Method(row.backend, row.precision) for row in report.rows}
        methods = tuple(method for method in methods if method in ran)
        reports.append(replace(report, advice=advice(report.rows)))
    return tuple(reports)
