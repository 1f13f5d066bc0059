"""Latency as a user meets it: `Backend.embed` of a bundle, by the backends named."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.cores import usable_cores
from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine, versions_of
from ..measuring.plan import Budget
from ..measuring.process import Process, start_all
from ..records.latency_result import LatencyResult
from .absent import absent_figures
from .attempts import attempt
from .cosines import min_cosines
from .embed_worker import RAN, RESIDENT, EmbedJob
from .entry import Entry, entry_of
from .fp32_reference import compared, reference_of
from .ran import Ran
from .rows import LatencyReport, Method, Run, latency_rows
from .turns import Timings, time_entries

WORKER = "clnet.benchmarks.latency.embed_worker"

GPU_BACKENDS = ("onnxruntime-cuda", "onnxruntime-tensorrt", "tensorrt")
"""Those that copy a batch to a device, so that there are times with and without that."""

_PACKAGES = (
    "clnet", "numpy", "onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "cuda-bindings",
    "pycuda",
)  # fmt: skip
_NOTE = (
    "timed: Backend.embed, from uint8 images in memory to embeddings in memory; normalisation and "
    "transfers are in it, decoding and resizing are not"
)
_RESIDENT_NOTE = (
    "timed: the network alone, from a batch that the GPU holds to embeddings that it keeps; "
    "CUDA events where the backend lets its stream be timed"
)

Slot = tuple[Method, bool]
"""A method, and whether its batch lies on the device already."""


def measure_embed(
    bundle: Bundle,
    folder: Path,
    *,
    methods: Sequence[Method],
    skip_absent: bool = False,
    batches: Sequence[int],
    budget: Budget,
    progress: Progress = silent,
) -> tuple[LatencyReport, ...]:
    """
    Time each backend in a process of its own; those named are measured, and nothing else.

    Needs what the backends need: for "tensorrt" neither torch nor onnx nor ONNX Runtime.

    Args:
        bundle: an opened bundle, with engines for "tensorrt".
        folder: takes what the processes leave.
        methods: backends with their precisions.
        skip_absent: leave out what cannot run here; notes then say why.
        batches: B, images of each view in a run; one after the other, rising.
        budget: for each batch.
        progress: told about each turn.

    Returns:
        For each batch a report, and for backends on a GPU a second one, without transfers.

    Raises:
        MeasurementFailed: a backend cannot run, or with `skip_absent` none can, or one failed;
            its reason is quoted.

    """
    first, *more = sorted(set(batches))
    processes = {method: _process(bundle, method, first, folder) for method in methods}
    reports = []
    with ExitStack() as stack:
        start_all(stack, processes.values())
        ready = {method: one.ready for method, one in processes.items()}
        absent = attempt(ready, skip_absent=skip_absent)
        running = {method: one for method, one in processes.items() if method not in absent}
        reports += _reports(bundle, running, first, budget, absent.values(), progress)
        for batch in more:
            again = {m: partial(one.prepare, _job(bundle, m, batch)) for m, one in running.items()}
            absent = attempt(again, skip_absent=skip_absent)
            running = {method: one for method, one in running.items() if method not in absent}
            reports += _reports(bundle, running, batch, budget, absent.values(), progress)
    return tuple(reports)


def _process(bundle: Bundle, method: Method, batch: int, folder: Path) -> Process:
    environment = {"OMP_NUM_THREADS": str(usable_cores())}
    job = _job(bundle, method, batch)
    return Process(method.name, WORKER, job, folder / method.name, environment)


def _job(bundle: Bundle, method: Method, batch: int) -> EmbedJob:
    return EmbedJob.model_validate(
        {
            "bundle": str(bundle.path),
            "backend": method.backend,
            "precision": method.precision,
            "batch": batch,
            "resident": method.backend in GPU_BACKENDS,
        }
    )


def _reports(
    bundle: Bundle,
    running: Mapping[Method, Process],
    batch: int,
    budget: Budget,
    absent: Iterable[Exception],
    progress: Progress,
) -> list[LatencyReport]:
    timings = time_entries(_entries(running), batch, budget, progress)
    run = Run(
        network=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        span="embed",
        batch=batch,
        threads=usable_cores(),
        versions=versions_of(_PACKAGES),
        machine=this_machine(),
    )
    ran = {method: Ran.read(one.outputs / RAN) for method, one in running.items()}
    rows = _embed_rows(run, running, timings, ran)
    notes = (_NOTE, *(f"not measured: {one}" for one in absent))
    reports = [LatencyReport(rows, (*notes, *timings.notes, *absent_figures(rows)))]
    resident = _resident_rows(run, timings, ran)
    if resident:
        reports.append(LatencyReport(resident, (_RESIDENT_NOTE, *absent_figures(resident))))
    return reports


def _entries(running: Mapping[Method, Process]) -> dict[Slot, Entry]:
    entries = {}
    for method, process in running.items():
        on_gpu = method.backend in GPU_BACKENDS
        entries[method, False] = entry_of(process, "included" if on_gpu else "none")
        resident = entry_of(process, "excluded", f" {RESIDENT}")
        if set(resident.parts.values()) <= set(process.parts):
            entries[method, True] = resident
    return entries


def _embed_rows(
    run: Run,
    running: Mapping[Method, Process],
    timings: Timings[Slot],
    ran: Mapping[Method, Ran],
) -> tuple[LatencyResult, ...]:
    timed = {method: timings.timed[method, False] for method in running}
    rows = latency_rows(run, timed, ran)
    reference = reference_of(running)
    if reference is None:
        return rows
    outputs = {method: one.outputs for method, one in running.items()}
    return compared(rows, timed, reference, min_cosines(outputs, reference))


def _resident_rows(
    run: Run, timings: Timings[Slot], ran: Mapping[Method, Ran]
) -> tuple[LatencyResult, ...]:
    alone = replace(run, span="network")
    return tuple(
        row
        for clocked in (timings.timed, timings.by_events)
        for row in latency_rows(
            alone, {method: one for (method, resident), one in clocked.items() if resident}, ran
        )
    )
