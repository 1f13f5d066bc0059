"""From the runs of matching methods to rows; every ratio is taken round by round."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from ..machine.machine import Machine, versions_of
from ..measuring.rounds import median_ratio
from ..records.matching_result import MatchingResult
from .job import PRODUCTS, MatchingJob, Method

_PACKAGES = ("clnet", "numpy", "onnxruntime", "openvino", "faiss-cpu", "cuvs-cu12", "cuvs-cu13")


@dataclass(frozen=True, slots=True)
class MatchingReport:
    """What was measured, and what was not."""

    rows: tuple[MatchingResult, ...]
    """One a gallery, K and method."""

    notes: tuple[str, ...]
    """Why something is absent, a sentence each."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One method's runs."""

    kernel: str
    """OPENBLAS_CORETYPE, `unset` or `not used`."""

    stationary: bool
    """Whether its times, of all K together, settled before the rounds."""

    others_cores: float | None
    """Cores that others used during its runs; None where nobody knows."""

    peak_mib: float | None
    """The most memory that its process held; None where nobody knows."""

    seconds: Mapping[int, tuple[float, ...]]
    """By K, the seconds of its run in each round; those of a method without K stand at each."""

    identical: Mapping[int, bool]
    """By K, whether its ids are the reference's; empty if it gives none."""


def matching_rows(
    job: MatchingJob, timed: Mapping[Method, Timed], machine: Machine
) -> tuple[MatchingResult, ...]:
    """Turn one gallery's runs into rows: every method for the first K, then for the next."""
    versions = versions_of(_PACKAGES)
    return tuple(_row(job, k, method, timed, machine, versions) for k in job.ks for method in timed)


def _row(
    job: MatchingJob,
    k: int,
    method: Method,
    timed: Mapping[Method, Timed],
    machine: Machine,
    versions: dict[str, str],
) -> MatchingResult:
    one, seconds = timed[method], timed[method].seconds[k]
    product = min((timed[name].seconds[k] for name in PRODUCTS), key=statistics.median)
    faiss = timed.get("faiss_flat")
    median_s = statistics.median(seconds)
    flop = 0 if method == "read" else 2 * job.queries * job.gallery * job.dim
    inputs_mib = 4 * (job.queries + job.gallery) * job.dim / 2**20
    return MatchingResult(
        samples=len(seconds),
        rounds=len(seconds),
        samples_ms=tuple(1e3 * second for second in seconds),
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
        k=k,
        seed=job.seed,
        data=job.data,
        median_ms=1e3 * median_s,
        gflops=flop / median_s / 1e9,
        ratio_to_faiss_flat=median_ratio(faiss.seconds[k], seconds) if faiss else None,
        ratio_to_product=median_ratio(product, seconds),
        ratio_to_read=median_ratio(seconds, timed["read"].seconds[k]),
        peak_above_inputs_mib=None if one.peak_mib is None else one.peak_mib - inputs_mib,
        identical_to_reference=one.identical.get(k),
    )
