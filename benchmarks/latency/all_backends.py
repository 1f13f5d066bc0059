"""Every backend in every precision that can run here, and which of them to take."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.progress import Progress, silent
from ..measuring.plan import Budget
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
    bundle: Bundle,
    folder: Path,
    *,
    batches: Sequence[int],
    budget: Budget,
    progress: Progress = silent,
) -> tuple[LatencyReport, ...]:
    """
    Measure what can run here, and advise.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        folder: takes what the processes leave.
        batches: B, images of each view in a run.
        budget: for each batch.
        progress: told about each turn.

    Returns:
        Reports as `measure_embed`'s, with advice; notes say what cannot run here.

    Raises:
        MeasurementFailed: no backend can run, or one failed while it was measured.

    """
    reports = measure_embed(
        bundle,
        folder,
        methods=METHODS,
        skip_absent=True,
        batches=batches,
        budget=budget,
        progress=progress,
    )
    return tuple(
        replace(one, advice=advice(one.rows)) if one.rows[0].span == "embed" else one
        for one in reports
    )
