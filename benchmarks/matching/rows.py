"""From the runs of matching methods to rows; every ratio is taken round by round."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from ..machine.machine import Machine, versions_of
from ..measuring.rounds import median_ratio
from ..records.matching_result import MatchingResult
from .worker import PRODUCTS, MatchingJob, Method

_PACKAGES = ("clnet", "numpy", "onnxruntime", "openvino", "faiss-cpu")


@dataclass(frozen=True, slots=True)
class MatchingReport:
    """What was measured, and what was not."""

    rows: tuple[MatchingResult, ...]
    """One a method."""

    notes: tuple[str, ...]
    """Why something is absent, a sentence each."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One method's runs."""

    kernel: str
    """OPENBLAS_CORETYPE, `unset` or `not used`."""

    stationary: bool
    """Whether its times settled before the rounds."""

    others_cores: float | None
    """Cores that others used during its runs; None where nobody knows."""

    peak_mib: float | None
    """The most memory that its process held; None where nobody knows."""

    rounds_s: tuple[float, ...]
    """Seconds of its run in each round."""

    identical: bool | None
    """Whether its ids are the reference's; None if it gives none."""


def matching_rows(
    job: MatchingJob, timed: Mapping[Method, Timed], machine: Machine
) -> tuple[MatchingResult, ...]:
    """Turn runs into rows."""
    versions = versions_of(_PACKAGES)
    return tuple(_row(job, method, timed, machine, versions) for method in timed)


def _row(
    job: MatchingJob,
    method: Method,
    timed: Mapping[Method, Timed],
    machine: Machine,
    versions: dict[str, str],
) -> MatchingResult:
    one = timed[method]
    product = min(PRODUCTS, key=lambda name: statistics.median(timed[name].rounds_s))
    faiss, read = timed.get("faiss_flat"), timed.get("read")
    median_s = statistics.median(one.rounds_s)
    flop = 0 if method == "read" else 2 * job.queries * job.gallery * job.dim
    inputs_mib = 4 * (job.queries + job.gallery) * job.dim / 2**20
    return MatchingResult(
        samples=len(one.rounds_s),
        rounds=len(one.rounds_s),
        samples_ms=tuple(1e3 * second for second in one.rounds_s),
        stationary=one.stationary,
        others_cores=one.others_cores,
        threads=job.threads,
        tf32=False,
        versions=versions,
        machine=machine,
        method=method,
        blas_coretype=one.kernel,
        queries=job.queries,
        gallery=job.gallery,
        dim=job.dim,
        k=job.k,
        seed=job.seed,
        data=job.data,
        median_ms=1e3 * median_s,
        gflops=flop / median_s / 1e9,
        ratio_to_faiss_flat=median_ratio(faiss.rounds_s, one.rounds_s) if faiss else None,
        ratio_to_product=median_ratio(timed[product].rounds_s, one.rounds_s),
        ratio_to_read=median_ratio(one.rounds_s, read.rounds_s) if read else None,
        peak_above_inputs_mib=None if one.peak_mib is None else one.peak_mib - inputs_mib,
        identical_to_reference=one.identical,
    )
