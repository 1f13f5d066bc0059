"""Where and with what rows were measured."""

from collections.abc import Iterable, Mapping, Sequence

from ...runtime.artifact import Artifact
from ..machine.machine import Machine
from ..records.result import Result, TimedResult
from ..tables.table import ABSENT, Head, Table, number, yes_no
from .content import Section


def machine_name(machine: Machine) -> str:
    """Name a machine by its board or processor, and its GPU."""
    gpu = "" if machine.gpu is None else f", {machine.gpu.name}"
    return f"{machine.board or machine.processor}, {machine.cores} cores{gpu}"


def environment(rows: Sequence[Result]) -> tuple[Section, ...]:
    """Make the section of one machine's rows; what differs between rows is listed, not chosen."""
    timed = [row for row in rows if isinstance(row, TimedResult)]
    tables = [
        _pairs("Machine", _fields(rows[0].machine)),
        _pairs("Circumstances", _circumstances(timed)) if timed else None,
        _pairs("Packages", _merged(row.versions for row in rows)),
        _pairs("Files (sha256)", _merged(row.artifacts for row in rows)),
    ]
    shown = tuple(table for table in tables if table is not None and table.lines)
    return (Section("Environment", (f"{ABSENT}: the system does not tell.",), (), shown),)


def _pairs(title: str, cells: Mapping[str, str]) -> Table:
    heads = (Head("what", is_number=False), Head("value", is_number=False))
    return Table(title, heads, tuple(cells.items()))


def _fields(record: Artifact, before: str = "") -> dict[str, str]:
    """Flatten a record, whatever fields it has: their names are their descriptions."""
    found: dict[str, str] = {}
    for name in type(record).model_fields:
        value, words = getattr(record, name), f"{before}{name.replace('_', ' ')}"
        if isinstance(value, Artifact):
            found |= _fields(value, f"{words} ")
        else:
            found[words] = _cell(value)
    return found


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return yes_no(value).lower()
    return ABSENT if value is None else str(value)


def _circumstances(rows: Sequence[TimedResult]) -> dict[str, str]:
    others = [row.others_cores for row in rows if row.others_cores is not None]
    tf32 = {row.tf32 for row in rows}
    return {
        "threads of a method": _listed({row.threads for row in rows}),
        "interleaved rounds": _listed({row.rounds for row in rows}),
        "cores that others used, at most": number(max(others, default=None), 2),
        "TF32": "on in some rows" if len(tf32) > 1 else "on" if True in tf32 else "off",
        **_conditions(rows),
    }


def _conditions(rows: Sequence[TimedResult]) -> dict[str, str]:
    seen = [_fields(row.conditions) for row in rows if row.conditions is not None]
    if not seen:
        return {"clocks, temperature, throttling": "not recorded"}
    names = dict.fromkeys(name for fields in seen for name in fields)
    return {name: _span([fields.get(name, ABSENT) for fields in seen]) for name in names}


def _span(values: Sequence[str]) -> str:
    """Give all values, or the first and the last by size where they are many numbers."""
    different = sorted(set(values) - {ABSENT}, key=_size)
    if len(different) <= 3:
        return ", ".join(different) or ABSENT
    return f"{different[0]} to {different[-1]}"


def _size(value: str) -> tuple[float, str]:
    try:
        return float(value), value
    except ValueError:
        return float("inf"), value


def _listed(values: set[int]) -> str:
    return ", ".join(map(str, sorted(values)))


def _merged(records: Iterable[Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for name, value in record.items():
            found.setdefault(name, {})[value] = None
    return {name: ", ".join(values) for name, values in sorted(found.items())}
