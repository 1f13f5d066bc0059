"""The methods of one gallery, each in its process, in turn."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...runtime.progress import Progress
from ..measuring.messages import Reply, Turn
from ..measuring.plan import Budget, plan
from ..measuring.process import Process
from ..measuring.rounds import interleave, warm_up
from .job import PRODUCTS, SEARCHES, MatchingJob, Method, part_of
from .kernels import UNSET, fastest_kernel, kernel_environment
from .reference import identical, reference_top_k
from .rows import Key, Timed

WORKER = "clnet.benchmarks.matching.worker"

OWN_KERNELS = "not used"

_BLAS: tuple[Method, ...] = ("faiss_flat", *PRODUCTS)
"""Methods whose speed hangs on OpenBLAS's kernel."""

BUDGET_S = 20.0
"""For all rounds of a gallery: short runs are repeated as long as this allows."""

_NO_TF32 = {"NVIDIA_TF32_OVERRIDE": "0"}
"""cuBLAS would else follow the shell."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What takes turns: the one part of a method's process that searches for a K."""

    process: Process
    """Where it runs."""

    part: str
    """Its name there."""

    on_gpu: bool
    """Whether the GPU is watched, too."""

    def turn(self, turn: Turn) -> Reply:
        """Run the part alone."""
        return self.process.reply(
            turn.model_copy(update={"parts": (self.part,), "on_gpu": self.on_gpu})
        )

    def once_s(self) -> float:
        """Run it once; return its seconds."""
        return self.turn(Turn()).times[self.part][0]


def time_methods(
    job: MatchingJob, methods: Sequence[Method], folder: Path, rounds: int, progress: Progress
) -> dict[Key, Timed]:
    """
    Time every method for every K of the job; a process draws its vectors once.

    Args:
        job: what to search; its method is ignored.
        methods: which.
        folder: takes the ids that they find.
        rounds: interleaved rounds, one turn of each method for each K in each.
        progress: told about each turn.

    Returns:
        By method and K; those that know no K take one turn a round, which stands at each.

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
    with ExitStack() as stack:
        entries = {
            (method, part_of(method, k)): Entry(one, part_of(method, k), method == "cuvs_flat")
            for method in methods
            for one in [stack.enter_context(process(method, kernels[method]))]
            for k in job.ks
        }
        settled, replies = _measure(entries, rounds, progress)
    return {
        (method, k): Timed(
            kernel=kernels[method],
            stationary=settled[method, part_of(method, k)],
            replies=replies[method, part_of(method, k)],
            identical=_identical(method, k, folder, reference),
        )
        for k in job.ks
        for method in methods
    }


_EntryKey = tuple[Method, str]


def _measure(
    entries: Mapping[_EntryKey, Entry], rounds: int, progress: Progress
) -> tuple[dict[_EntryKey, bool], dict[_EntryKey, list[Reply]]]:
    """Tell of each entry whether it became stationary, and what its turns brought."""
    with progress("warm up", len(entries), "searches") as advance:
        warm = {}
        for key, entry in entries.items():
            warm[key] = warm_up(entry.once_s)
            advance()
    once_s = {key: seconds for key, (seconds, _) in warm.items()}
    planned = plan(once_s, Budget(BUDGET_S, rounds))
    turns = {key: partial(one.turn, planned.turns[key]) for key, one in entries.items()}
    with progress("match", rounds * len(entries), "turns") as advance:
        taken = interleave(turns, rounds, advance)
    return {key: stationary for key, (_, stationary) in warm.items()}, taken


def _reference(job: MatchingJob, progress: Progress) -> NDArray[np.int64]:
    """Search for the largest K: its first columns are the top K of every smaller one."""
    with progress("reference", 1, "searches") as advance:
        found = reference_top_k(*job.vectors(), max(job.ks))
        advance()
    return found


def _identical(method: Method, k: int, folder: Path, reference: NDArray[np.int64]) -> bool | None:
    if method not in SEARCHES:
        return None
    return identical(np.load(folder / method / f"{part_of(method, k)}.npy"), reference[:, :k])
