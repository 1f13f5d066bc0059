"""The methods of one gallery, each in its process, in turn."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.progress import Progress
from ..measuring.messages import Times, Turn
from ..measuring.process import Process
from ..measuring.rounds import interleave, warm_up
from .job import PRODUCTS, SEARCHES, MatchingJob, Method, part_of
from .kernels import UNSET, fastest_kernel, kernel_environment
from .reference import identical, reference_top_k
from .rows import Timed

WORKER = "clnet.benchmarks.matching.worker"

OWN_KERNELS = "not used"

_BLAS: tuple[Method, ...] = ("faiss_flat", *PRODUCTS)
"""Methods whose speed hangs on OpenBLAS's kernel."""

_NO_TF32 = {"NVIDIA_TF32_OVERRIDE": "0"}
"""cuBLAS would else follow the shell."""


def time_methods(
    job: MatchingJob, methods: Sequence[Method], folder: Path, rounds: int, progress: Progress
) -> dict[Method, Timed]:
    """
    Time every method for every K of the job; a process draws its vectors once.

    Args:
        job: what to search; its method is ignored.
        methods: which.
        folder: takes the ids that they find.
        rounds: interleaved rounds; in each, a method searches once for every K.
        progress: told about each round of a method.

    Raises:
        MeasurementFailed: a method failed.

    """

    def process(method: Method, kernel: str) -> Process:
        chosen = kernel_environment(UNSET if kernel == OWN_KERNELS else kernel, job.threads)
        one = job.model_copy(update={"method": method})
        return Process(method, WORKER, one, folder / method, {**chosen, **_NO_TF32})

    kernels = {
        method: fastest_kernel(method, partial(process, method), progress)
        if method in _BLAS
        else OWN_KERNELS
        for method in methods
    }
    reference = _reference(job, progress)
    with ExitStack() as stack, progress("match", rounds * len(methods), "runs") as advance:
        processes = {m: stack.enter_context(process(m, kernels[m])) for m in methods}
        settled = {method: warm_up(one.once_s)[1] for method, one in processes.items()}
        turns = {method: partial(one.turn, Turn()) for method, one in processes.items()}
        taken = interleave(turns, rounds, advance)
    return {
        method: Timed(
            kernel=kernels[method],
            stationary=settled[method],
            others_cores=one.others_cores,
            peak_mib=one.peak_mib,
            seconds=_by_k(method, job.ks, taken[method]),
            identical=_identical(method, job.ks, folder / method, reference),
        )
        for method, one in processes.items()
    }


def _reference(job: MatchingJob, progress: Progress) -> NDArray[np.int64]:
    """Search for the largest K: its first columns are the top K of every smaller one."""
    with progress("reference", 1, "searches") as advance:
        found = reference_top_k(*job.vectors(), max(job.ks))
        advance()
    return found


def _by_k(
    method: Method, ks: Sequence[int], turns: Sequence[Times]
) -> Mapping[int, tuple[float, ...]]:
    return {k: tuple(turn[part_of(method, k)][0] for turn in turns) for k in ks}


def _identical(
    method: Method, ks: Sequence[int], folder: Path, reference: NDArray[np.int64]
) -> Mapping[int, bool]:
    if method not in SEARCHES:
        return {}
    return {
        k: identical(np.load(folder / f"{part_of(method, k)}.npy"), reference[:, :k]) for k in ks
    }
