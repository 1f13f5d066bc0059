"""Has anything become slower? This run's ratios beside the committed ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ...runtime.progress import Progress, silent
from ..machine.machine import this_machine
from ..records.comparison_result import Verdict
from ..records.ratio_result import RatioResult
from .committed import append_run, check_network, ratios_file, read_committed
from .judgement import MIN_RUNS, SLOWDOWN, Judgement, Measured, judge
from .material import Material, write_material
from .measure import measure_blocks
from .methods import Method
from .rows import ratio_rows

CONFIG = Path("configs/demo.yaml")
RESULTS = Path("benchmarks/results")

BUSY_SHARE = 0.1
"""Of the cores, used by others: from here on a reader is warned."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the guard says."""

    rows: tuple[RatioResult, ...]
    """This run's."""

    judgements: Mapping[str, Judgement]
    """By ratio; those that have not been committed often enough are not in it."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""

    def called(self, verdict: Verdict) -> tuple[str, ...]:
        """List the ratios with a verdict."""
        return tuple(name for name, one in self.judgements.items() if one.verdict == verdict)


def check_ratios(
    *,
    config_path: Path = CONFIG,
    results: Path = RESULTS,
    planted: Mapping[Method, float] | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """
    Measure once and compare with the committed runs of this machine.

    Args:
        config_path: the network, with random weights.
        results: folder of committed rows, a folder a machine in it.
        planted: slowdowns on purpose, by method.
        progress: told about export and processes.

    Raises:
        ArtifactError: nothing usable is committed for this machine; says what to do.
        ExtraMissing: the export's extra is not installed.
        MeasurementFailed: a method failed.

    """
    path = ratios_file(results, this_machine())
    committed = read_committed(path)
    with TemporaryDirectory() as name:
        material = write_material(Path(name), config_path, progress)
        blocks = measure_blocks(material, planted=planted or {}, progress=progress)
        rows = ratio_rows(blocks, material, this_machine())
    check_network([*committed, *rows], path)
    return compared(rows, committed)


def record_ratios(
    *,
    config_path: Path = CONFIG,
    results: Path = RESULTS,
    runs: int = 1,
    progress: Progress = silent,
) -> tuple[Path, int]:
    """
    Measure and add to this machine's committed runs, one after another.

    Returns:
        The file, and how many runs it holds now.

    Raises:
        ClnetError: as `check_ratios`; or the file's ratios do not compare with these.

    """
    machine = this_machine()
    path, held = ratios_file(results, machine), 0
    with TemporaryDirectory() as name:
        material: Material = write_material(Path(name), config_path, progress)
        for _ in range(runs):
            rows = ratio_rows(measure_blocks(material, progress=progress), material, machine)
            held = append_run(rows, path)
    return path, held


def compared(rows: Sequence[RatioResult], committed: Sequence[RatioResult]) -> CheckReport:
    """Judge a run's rows by those of earlier runs on such a machine."""
    judgements, notes = {}, []
    for row in rows:
        before = [one.ratio for one in committed if one.name == row.name]
        if len(before) < MIN_RUNS:
            notes.append(f"{row.name}: committed in {len(before)} runs of the {MIN_RUNS} it needs")
            continue
        judgements[row.name] = judge(Measured(row.ratio, row.low, row.high), before)
    missing = {one.name for one in committed} - {row.name for row in rows}
    notes += [f"{name}: committed, not measured: not installed here" for name in sorted(missing)]
    return CheckReport(
        tuple(rows), judgements, (*notes, *_doubts(rows[0], committed[-1], judgements))
    )


def _doubts(
    row: RatioResult, before: RatioResult, judgements: Mapping[str, Judgement]
) -> list[str]:
    doubts = [
        f"{package} is {row.versions.get(package, 'absent')} here, {version} in the last committed "
        "run: a change may be its own"
        for package, version in before.versions.items()
        if row.versions.get(package) != version
    ]
    if row.others_cores is not None and row.others_cores > BUSY_SHARE * row.machine.cores:
        doubts.append(
            f"others used {row.others_cores:.1f} of {row.machine.cores} cores meanwhile: check "
            "again on a quiet machine before you believe it"
        )
    blind = [name for name, one in judgements.items() if one.callable_from > SLOWDOWN]
    doubts += [f"{name}: too unsteady to call {SLOWDOWN - 1:.0%}" for name in blind]
    return doubts
