"""What the guard says, as lines for a terminal."""

from ..records.ratio_result import RatioResult
from ..tables.table import Column, number, table_of
from ..tables.terminal import drawing
from .check import CheckReport
from .judgement import SLOWDOWN
from .proof import Proof, Trial

_ALL_CLEAR = "nothing became slower, as far as this run can tell"


def check_text(report: CheckReport) -> str:
    """Show each ratio beside the committed ones, then what to know, then what became slower."""
    found = report.judgements
    rows = [row for row in report.rows if row.name in found]
    columns: list[Column[RatioResult]] = [
        Column("method / yardstick", lambda row: row.name, is_number=False),
        Column("committed", lambda row: number(found[row.name].committed, 3)),
        Column("now", lambda row: number(row.ratio, 3)),
        Column("change", lambda row: _percent(found[row.name].change)),
        Column("95 % interval", lambda row: _interval(report, row)),
        Column("called from", lambda row: _percent(found[row.name].callable_from)),
        Column("verdict", lambda row: found[row.name].verdict, is_number=False),
    ]
    drawn = drawing(table_of("Ratios to yardsticks, one thread", columns, rows))
    slower = [f"slower: {name}, {_percent(found[name].change)}" for name in report.called("slower")]
    return "\n".join([drawn, *report.notes, *(slower or [_ALL_CLEAR])])


def proof_text(proof: Proof) -> str:
    """Show each trial, then how often the guard was right."""
    total = len(proof.trials)
    lines = [_trial(n, trial) for n, trial in enumerate(proof.trials, start=1)]
    return "\n".join(
        [
            *lines,
            f"a planted {SLOWDOWN - 1:.0%} slowdown was called in {proof.called} of {total} runs",
            f'the same code was told "cannot tell" throughout in {proof.quiet} of {total} runs',
        ]
    )


def _trial(n: int, trial: Trial) -> str:
    change = trial.with_it.judgements[trial.planted].change
    called = "called" if trial.is_called else "MISSED"
    also = f"; wrongly called, too: {', '.join(trial.also_called)}" if trial.also_called else ""
    quiet = "cannot tell" if trial.is_quiet else f"WRONGLY CALLED {_wrong(trial)}"
    return (
        f"{n}: planted in {trial.planted}: {called} ({_percent(change)}){also}; same code: {quiet}"
    )


def _wrong(trial: Trial) -> str:
    return ", ".join((*trial.without.called("slower"), *trial.without.called("faster")))


def _percent(change: float) -> str:
    return f"{100 * (change - 1):+.1f} %"


def _interval(report: CheckReport, row: RatioResult) -> str:
    one = report.judgements[row.name]
    return f"{_percent(one.low)} to {_percent(one.high)}"
