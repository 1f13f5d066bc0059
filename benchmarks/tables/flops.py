"""MACs and FLOPs: the totals of all networks, then each network's modules; views side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..records.flops_result import FlopsResult
from .table import ABSENT, Head, Table, number

BASELINE = "sample4geo"
"""The network that savings are counted against."""

_Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Line:
    """One network, benchmark, module and counter."""

    network: str
    benchmark: str
    module: str
    counter: str
    views: dict[str, FlopsResult] = field(default_factory=dict)

    def gmacs(self, view: str) -> str:
        row = self.views.get(view)
        return ABSENT if row is None else number(row.macs / 1e9, 3)

    @property
    def whole(self) -> FlopsResult:
        """The pair, or the only view there is."""
        return self.views.get("pair") or next(iter(self.views.values()))


def flops_tables(rows: Sequence[FlopsResult]) -> tuple[Table, ...]:
    """Make a table of totals, if there are any, and one of the modules of each network and size."""
    lines = _lines(rows)
    totals = [line for line in lines.values() if line.module == "total"]
    modules: dict[tuple[str, str], list[_Line]] = {}
    for line in lines.values():
        if line.module != "total":
            modules.setdefault((line.network, line.benchmark), []).append(line)
    tables = [_totals(totals, lines)] if totals else []
    return (*tables, *(_modules(found) for found in modules.values()))


def _lines(rows: Sequence[FlopsResult]) -> dict[_Key, _Line]:
    lines: dict[_Key, _Line] = {}
    for row in rows:
        key = (row.network, row.benchmark, row.module, row.counter)
        lines.setdefault(key, _Line(*key)).views[row.view] = row
    return lines


def _totals(totals: Sequence[_Line], lines: dict[_Key, _Line]) -> Table:
    heads = [
        *(Head(name, is_number=False) for name in ("network", "sizes of", "counter")),
        *(
            Head(name, is_number=True)
            for name in (
                "ground GMACs", "satellite GMACs", "pair GMACs", "pair GFLOPs",
                "pair GMACs as fvcore", "weights M", "fewer MACs", "fewer weights",
            )
        ),
    ]  # fmt: skip
    cells = [
        (
            line.network,
            line.benchmark,
            line.counter,
            line.gmacs("ground"),
            line.gmacs("satellite"),
            line.gmacs("pair"),
            number(line.whole.flops / 1e9, 3),
            number(_as_fvcore(line.whole), 3),
            number(line.whole.params / 1e6, 3),
            *_savings(line, lines),
        )
        for line in totals
    ]
    title = "one image of each view"
    if all(line[-1] == ABSENT for line in cells):  # nothing was counted to save against
        return Table(title, tuple(heads[:-2]), tuple(line[:-2] for line in cells))
    title += f"; fewer: than {BASELINE} by the same counter"
    return Table(title, tuple(heads), tuple(cells))


def _as_fvcore(row: FlopsResult) -> float | None:
    if row.layer_norm_operations is None:
        return None
    return (row.macs + row.layer_norm_operations) / 1e9


def _savings(line: _Line, lines: dict[_Key, _Line]) -> tuple[str, str]:
    baseline = lines.get((BASELINE, line.benchmark, line.module, line.counter))
    if baseline is None or line.network == BASELINE:
        return ABSENT, ABSENT
    mine, its = line.whole, baseline.whole
    return f"{1 - mine.macs / its.macs:.2%}", f"{1 - mine.params / its.params:.2%}"


def _modules(lines: Sequence[_Line]) -> Table:
    heads = [
        *(Head(name, is_number=False) for name in ("module", "counter")),
        *(
            Head(name, is_number=True)
            for name in (
                "ground GMACs", "satellite GMACs", "ground GFLOPs", "satellite GFLOPs",
                "ground weights", "satellite weights", "activations MiB",
            )
        ),
    ]  # fmt: skip
    cells = [
        (
            line.module,
            line.counter,
            line.gmacs("ground"),
            line.gmacs("satellite"),
            *(_gflops(line.views.get(view)) for view in ("ground", "satellite")),
            *(_weights(line.views.get(view)) for view in ("ground", "satellite")),
            _activations(line.views.values()),
        )
        for line in lines
    ]
    first = lines[0]
    whose = "its own" if first.benchmark == "own" else f"{first.benchmark}'s"
    return Table(f"{first.network} at {whose} sizes", tuple(heads), tuple(cells))


def _gflops(row: FlopsResult | None) -> str:
    return ABSENT if row is None else number(row.flops / 1e9, 3)


def _weights(row: FlopsResult | None) -> str:
    return ABSENT if row is None else f"{row.params:,}"


def _activations(rows: Iterable[FlopsResult]) -> str:
    sizes = [row.activation_bytes for row in rows if row.view != "pair"]
    known = [size for size in sizes if size is not None]
    return number(sum(known) / 2**20, 1) if known and len(known) == len(sizes) else ABSENT
