"""The guard's own test: slowdowns planted in turn, and runs of nothing but the same code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine
from .check import CONFIG, RESULTS, CheckReport, compared
from .committed import check_network, ratios_file, read_committed
from .judgement import SLOWDOWN
from .material import write_material
from .measure import measure_blocks
from .methods import Method, methods_here, ratio_name
from .rows import ratio_rows

SHARE = 0.9
"""Of the trials, in which the guard must be right."""

Measure = Callable[[Mapping[Method, float]], CheckReport]
"""One run of the guard with these slowdowns planted."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A run with one slowdown planted, and one with none."""

    planted: str
    """The ratio that was slowed."""

    with_it: CheckReport
    """The run with it."""

    without: CheckReport
    """The run without."""

    @property
    def is_called(self) -> bool:
        """Whether the planted slowdown was called by its name."""
        return self.planted in self.with_it.called("slower")

    @property
    def also_called(self) -> tuple[str, ...]:
        """What else was called, though nothing had changed in it."""
        moved = (*self.with_it.called("slower"), *self.with_it.called("faster"))
        return tuple(name for name in moved if name != self.planted)

    @property
    def is_quiet(self) -> bool:
        """Whether "cannot tell" was said of all ratios where nothing was planted."""
        return not (self.without.called("slower") or self.without.called("faster"))


@dataclass(frozen=True, slots=True)
class Proof:
    """How often the guard was right."""

    trials: tuple[Trial, ...]
    """All of them."""

    @property
    def called(self) -> int:
        """Planted slowdowns that were called."""
        return sum(trial.is_called for trial in self.trials)

    @property
    def quiet(self) -> int:
        """Runs of the same code that were called nothing."""
        return sum(trial.is_quiet for trial in self.trials)

    @property
    def holds(self) -> bool:
        """Whether both were right in `SHARE` of the trials."""
        return min(self.called, self.quiet) >= SHARE * len(self.trials)


def prove(measure: Measure, trials: int, progress: Progress = silent) -> Proof:
    """
    Try the guard; the methods take turns at being slowed.

    Args:
        measure: one run.
        trials: how often; each is two runs.
        progress: told about each run.

    """
    methods, done = methods_here(), []
    with progress("prove", 2 * trials, "runs") as advance:
        for n in range(trials):
            method = methods[n % len(methods)]
            with_it = measure({method: SLOWDOWN})
            advance()
            done.append(Trial(ratio_name(method), with_it, measure({})))
            advance()
    return Proof(tuple(done))


def prove_guard(
    *,
    trials: int,
    config_path: Path = CONFIG,
    results: Path = RESULTS,
    progress: Progress = silent,
) -> Proof:
    """
    Try the guard on this machine, against its committed runs.

    Raises:
        ClnetError: as `check_ratios`.

    """
    machine = this_machine()
    path = ratios_file(results, machine)
    committed = read_committed(path)
    with TemporaryDirectory() as name:
        material = write_material(Path(name), config_path, progress)

        def measure(planted: Mapping[Method, float]) -> CheckReport:
            rows = ratio_rows(measure_blocks(material, planted=planted), material, machine)
            check_network([*committed, *rows], path)
            return compared(rows, committed)

        return prove(measure, trials, progress)
