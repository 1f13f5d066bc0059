"""What `clnet-bench latency` does: against PyTorch, by backends named, or by all there are."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from ...runtime.backends import BackendName, RunPrecision, default_precision
from ...runtime.bundle import Bundle
from ...runtime.errors import ConfigError
from ...runtime.progress import Progress, silent
from ..measuring.plan import Budget
from ..subjects.subject import NetworkName, choose_subject
from .against_torch import measure_latency
from .all_backends import measure_all_backends
from .by_backend import measure_embed
from .rows import LatencyReport, Method

BATCHES = (1, 8)
"""One image at a time as a device meets them, and a batch as a gallery is embedded."""


def told_once(reports: Sequence[LatencyReport]) -> tuple[LatencyReport, ...]:
    """Drop from each report the notes that an earlier one tells."""
    told: set[str] = set()
    found = []
    for report in reports:
        found.append(replace(report, notes=tuple(n for n in report.notes if n not in told)))
        told |= set(report.notes)
    return tuple(found)


def latency_run(
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    network: NetworkName | None = None,
    backends: Sequence[BackendName] = (),
    all_backends: bool = False,
    precision: RunPrecision | None = None,
    batches: Sequence[int] = BATCHES,
    seconds: float = Budget().seconds,
    rounds: int | None = None,
    progress: Progress = silent,
) -> tuple[LatencyReport, ...]:
    """
    Measure a bundle or a network with random weights.

    Args:
        bundle: as `choose_subject`'s.
        config_path: as `choose_subject`'s.
        network: as `choose_subject`'s.
        backends: where one is named, `measure_embed` of the bundle by these and nothing else.
        all_backends: `measure_all_backends` of the bundle instead.
        precision: of the backends named; None takes each one's default.
        batches: B, images of each view in a run.
        seconds: of turns, for each batch.
        rounds: interleaved rounds; None plans them.
        progress: told about each turn.

    Returns:
        A report for each batch, and a second one without transfers for backends on a GPU.

    Raises:
        ConfigError: options that do not go together.
        ClnetError: as `choose_subject` and the measurements.

    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared = _Shared(batches=batches, budget=Budget(seconds, rounds), progress=progress)
        if not (backends or all_backends or precision):
            subject = choose_subject(
                folder, bundle=bundle, config_path=config_path, network=network, progress=progress
            )
            return told_once(measure_latency(subject, folder, **shared))
        _check_together(backends, all_backends=all_backends, precision=precision)
        opened = _bundle_alone(bundle, config_path, network)
        if all_backends:
            return told_once(measure_all_backends(opened, folder, **shared))
        methods = [Method(one, precision or default_precision(opened, one)) for one in backends]
        return told_once(measure_embed(opened, folder, methods=methods, **shared))


class _Shared(TypedDict):
    """What every measurement takes."""

    batches: Sequence[int]
    budget: Budget
    progress: Progress


def _check_together(
    backends: Sequence[BackendName], *, all_backends: bool, precision: RunPrecision | None
) -> None:
    if all_backends and (backends or precision):
        raise ConfigError("--all-backends tries them all, in every precision: give it alone")
    if not (backends or all_backends):
        raise ConfigError("--precision goes with --backend: PyTorch's rows have their own")


def _bundle_alone(
    bundle: Path | None, config_path: Path | None, network: NetworkName | None
) -> Bundle:
    if bundle is None or config_path is not None or network is not None:
        raise ConfigError("--backend and --all-backends measure a bundle: give BUNDLE alone")
    return Bundle.open(bundle)
