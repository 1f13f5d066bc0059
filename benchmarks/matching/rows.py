"""From the runs of matching methods to rows; every ratio is taken round by round."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..machine.machine import Machine, versions_of
from ..measuring.messages import Reply
from ..measuring.observing import worst_of
from ..measuring.rounds import median_ratio
from ..records.matching_result import MatchingResult
from .job import PRODUCTS, MatchingJob, Method

_PACKAGES = ("clnet", "numpy", "onnxruntime", "openvino", "faiss-cpu", "cuvs-cu12", "cuvs-cu13")

Key = tuple[Method, int]
"""A method and K."""


@dataclass(frozen=True, slots=True)
class MatchingReport:
    """What was measured, and what was not."""

    rows: tuple[MatchingResult, ...]
    """One a gallery, K and method."""

    notes: tuple[str, ...]
    """Why something is absent, a sentence each."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One method's turns for one K."""

    kernel: str
    """OPENBLAS_CORETYPE, `unset` or `not used`."""

    stationary: bool
    """Whether its times settled before the rounds."""

    replies: Sequence[Reply]
    """One a round, each of as many runs of one part."""

    identical: bool | None
    """Whether its ids are the reference's; None if it gives none."""

    def rounds_s(self) -> list[float]:
        """List the median seconds of each round."""
        return [statistics.median(runs) for runs in self._turns()]

    def samples_s(self) -> list[float]:
        """List the seconds of every run."""
        return [second for runs in self._turns() for second in runs]

    def most(self, field: str) -> float | None:
        """Take the largest of a field of the replies; None where nobody knows."""
        told = [getattr(reply, field) for reply in self.replies]
        return max((one for one in told if one is not None), default=None)

    def _turns(self) -> list[tuple[float, ...]]:
        return [runs for reply in self.replies for runs in reply.times.values()]


def matching_rows(
    job: MatchingJob, timed: Mapping[Key, Timed], machine: Machine
) -> tuple[MatchingResult, ...]:
    """Turn one gallery's turns into rows: every method for the first K, then for the next."""
    versions = versions_of(_PACKAGES)
    return tuple(_row(job, key, timed, machine, versions) for key in timed)


def _row(
    job: MatchingJob,
    key: Key,
    timed: Mapping[Key, Timed],
    machine: Machine,
    versions: dict[str, str],
) -> MatchingResult:
    (method, k), one = key, timed[key]
    samples_s, rounds_s = one.samples_s(), one.rounds_s()
    others = [reply.others_cores for reply in one.replies if reply.others_cores is not None]
    median_s = statistics.median(samples_s)
    flop = 0 if method == "read" else 2 * job.queries * job.gallery * job.dim
    return MatchingResult(
        samples=len(samples_s),
        rounds=len(rounds_s),
        samples_ms=tuple(1e3 * second for second in samples_s),
        stationary=one.stationary,
        others_cores=statistics.fmean(others) if others else None,
        conditions=worst_of([one.conditions for one in one.replies if one.conditions is not None]),
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
        peak_above_inputs_mib=_above_inputs(job, one.most("peak_mib")),
        peak_device_mib=one.most("peak_device_mib"),
        identical_to_reference=one.identical,
        **_ratios(timed, k, rounds_s),
    )


def _ratios(timed: Mapping[Key, Timed], k: int, rounds_s: Sequence[float]) -> dict[str, Any]:
    product = min((timed[name, k].rounds_s() for name in PRODUCTS), key=statistics.median)
    faiss = timed.get(("faiss_flat", k))
    return {
        "ratio_to_faiss_flat": median_ratio(faiss.rounds_s(), rounds_s) if faiss else None,
        "ratio_to_product": median_ratio(product, rounds_s),
        "ratio_to_read": median_ratio(rounds_s, timed["read", k].rounds_s()),
    }


def _above_inputs(job: MatchingJob, peak_mib: float | None) -> float | None:
    if peak_mib is None:
        return None
    return peak_mib - 4 * (job.queries + job.gallery) * job.dim / 2**20
