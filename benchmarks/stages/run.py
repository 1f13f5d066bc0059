"""The stages of what `clnet-bench latency` has measured."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ...runtime.backends import BACKENDS
from ...runtime.bundle import Bundle
from ...runtime.progress import Progress, silent
from ..latency.rows import LatencyReport, Method
from ..measuring.plan import Budget
from .stages import BUDGET, PLACES, StageReport, measure_stages


def stages_run(
    reports: Sequence[LatencyReport],
    bundle: Path | None,
    *,
    places: int = PLACES,
    rounds: int | None = None,
    progress: Progress = silent,
) -> tuple[StageReport, ...]:
    """
    Measure the stages around the branches of a bundle, for the backends that ran them.

    Each backend runs in the first of its precisions, on which these stages hardly hang.

    Args:
        reports: of the bundle; PyTorch's rows in them have no stages.
        bundle: None where a network without one was measured.
        places: N of the gallery at the road's end.
        rounds: interleaved rounds; None plans them.
        progress: told about each start and turn.

    Returns:
        One report; none without a bundle.

    Raises:
        ClnetError: as `measure_stages`.

    """
    if bundle is None:
        return ()
    rows = [row for report in reports for row in report.rows]
    first = {row.backend: Method(row.backend, row.precision) for row in reversed(rows)}
    methods = [first[backend] for backend in BACKENDS if backend in first]
    with tempfile.TemporaryDirectory() as name:
        report = measure_stages(
            Bundle.open(bundle),
            Path(name),
            methods=methods,
            budget=Budget(BUDGET.seconds, rounds),
            gallery=places,
            progress=progress,
        )
    return (report,)
