"""The ratios of earlier runs, one file a machine."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.errors import ArtifactError
from ..machine.machine import Machine
from ..machine.slug import machine_slug
from ..records.lines import read_lines, write_lines
from ..records.ratio_result import RatioResult
from .judgement import MIN_RUNS
from .methods import EDITION

_RECORD = "record some on it, quiet, with clnet-bench check --record"


def ratios_file(results: Path, machine: Machine) -> Path:
    """Name the file of a machine's ratios."""
    return results / machine_slug(machine) / "ratios.jsonl"


def read_committed(path: Path) -> list[RatioResult]:
    """
    Read a machine's ratios.

    Args:
        path: from `ratios_file`.

    Raises:
        ArtifactError: there are none, they are of another edition, or of fewer than `MIN_RUNS`
            runs; says what to do.

    """
    if not path.is_file():
        raise ArtifactError(f"no committed ratios for this machine, {path}: {_RECORD}")
    rows = read_lines(path, RatioResult)
    _check_edition(rows, path)
    runs = len({row.run for row in rows})
    if runs < MIN_RUNS:
        raise ArtifactError(f"{path}: expected at least {MIN_RUNS} runs, got {runs}: {_RECORD}")
    return rows


def append_run(rows: Sequence[RatioResult], path: Path) -> int:
    """
    Add a run to a machine's ratios.

    Returns:
        How many runs there are now.

    Raises:
        ArtifactError: the file's ratios do not compare with these, or it cannot be written.

    """
    before = read_lines(path, RatioResult) if path.is_file() else []
    _check_edition(before, path)
    check_network([*before, *rows], path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lines([*before, *rows], path)
    return len({row.run for row in (*before, *rows)})


def check_network(rows: Sequence[RatioResult], path: Path) -> None:
    """
    Refuse rows of different networks.

    Raises:
        ArtifactError: the demo network has changed since rows were committed.

    """
    if any(row.configuration != rows[0].configuration for row in rows):
        raise ArtifactError(
            f"{path}: its ratios are of another demo network than today's configuration makes; "
            f"delete it and {_RECORD}"
        )


def _check_edition(rows: Sequence[RatioResult], path: Path) -> None:
    for edition in sorted({row.edition for row in rows} - {EDITION}):
        raise ArtifactError(
            f"{path}: ratios of edition {edition}, this clnet measures edition {EDITION}; "
            f"delete it and {_RECORD}"
        )
