"""Which OpenBLAS kernel serves a method best: detection errs by a factor of four."""

import platform
import statistics
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from ...runtime.progress import Progress, silent
from ..machine.machine import processor_flags
from ..measuring.process import Process
from ..measuring.rounds import interleave, warm_up

UNSET = "unset"

_ROUNDS = 3
_NEEDS = {"Haswell": "avx2", "SkylakeX": "avx512f"}


def kernels_to_try() -> tuple[str, ...]:
    """List settings of OPENBLAS_CORETYPE that this processor can run, `unset` first."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return (UNSET,)
    flags = processor_flags()
    return (UNSET, *(kernel for kernel, flag in _NEEDS.items() if flag in flags))


def kernel_environment(kernel: str, threads: int) -> Mapping[str, str | None]:
    """Return the variables that give a process this kernel and this many threads."""
    return {
        "OPENBLAS_CORETYPE": None if kernel == UNSET else kernel,
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
    }


def fastest_kernel(
    method: str, start: Callable[[str], Process], progress: Progress = silent
) -> str:
    """
    Try every kernel in a process of its own, interleaved; take the lowest median.

    Args:
        method: for the bar.
        start: describes the method's process under a kernel.
        progress: told about each probe.

    Raises:
        MeasurementFailed: the method failed under a kernel.

    """
    kernels = kernels_to_try()
    if len(kernels) == 1:
        return kernels[0]
    label = f"kernel of {method}"
    with ExitStack() as stack, progress(label, len(kernels) * _ROUNDS, "runs") as advance:
        processes = {kernel: stack.enter_context(start(kernel)) for kernel in kernels}
        for process in processes.values():
            warm_up(process.once_s)
        runs = {kernel: process.once_s for kernel, process in processes.items()}
        taken = interleave(runs, _ROUNDS, advance)
    return min(kernels, key=lambda kernel: statistics.median(taken[kernel]))
