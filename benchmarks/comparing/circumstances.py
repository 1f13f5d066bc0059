"""What else differs between two rows than what came out: machine, threads, versions, settings."""

from collections.abc import Mapping
from typing import Any

from ..measuring.contention import BUSY_CORES
from ..records.result import Result, TimedResult


def differences(a: Result, b: Result) -> tuple[str, ...]:
    """
    Name each circumstance that differs, A's before B's.

    Files that ran (`artifacts`) are told by `clnet-bench`'s rows themselves: they are what is
    usually meant to differ.
    """
    found = _changed("", a.machine.model_dump(), b.machine.model_dump())
    found += _changed("", a.versions, b.versions)
    if isinstance(a, TimedResult) and isinstance(b, TimedResult):
        settings = ("threads", "tf32")
        found += _changed("", *({name: getattr(row, name) for name in settings} for row in (a, b)))
    found += _changed("configuration ", a.configuration, b.configuration)
    return tuple(found)


def distrust(side: str, rows: Mapping[str, TimedResult]) -> list[str]:
    """Say why times of a run are not what they should be, by what they are of."""
    others = max((row.others_cores or 0.0 for row in rows.values()), default=0.0)
    found = []
    if others > BUSY_CORES:
        found.append(f"{side}: others used up to {others:.2f} cores meanwhile")
    restless = [label for label, row in rows.items() if not row.stationary]
    if restless:
        found.append(f"{side}: not stationary after warm-up: {', '.join(restless)}")
    throttled = {
        why: None
        for row in rows.values()
        if row.conditions is not None
        for why in row.conditions.throttling or ()
    }
    if throttled:
        found.append(f"{side}: throttled: {', '.join(throttled)}")
    return found


def _changed(prefix: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    found = []
    for name in sorted({*a, *b}):
        was, now = a.get(name), b.get(name)
        if isinstance(was, dict) and isinstance(now, dict):
            found += _changed(f"{prefix}{name} ", was, now)
        elif was != now:
            found.append(f"{prefix}{name} {_word(was)} -> {_word(now)}")
    return found


def _word(value: object) -> str:
    if value is None:
        return "(absent)"
    return str(value.get("name", value)) if isinstance(value, dict) else str(value)
