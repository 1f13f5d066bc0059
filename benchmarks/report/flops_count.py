"""Which FLOPs rows a reader sees first: of two counters and three views, one."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..records.flops_result import FlopsResult

TOTAL = "total"
BASELINE = "sample4geo"


@dataclass(frozen=True, slots=True)
class Count:
    """One network's ground image and satellite image together."""

    network: str
    """Its name."""

    benchmark: str
    """Whose image sizes."""

    counter: str
    """`onnx`, what runs in the end, where it was counted; else `torch`."""

    macs: int
    """Multiply-accumulates of a pair."""

    modules: dict[str, int]
    """The same by module, in the rows' order; empty where only totals were counted."""

    @property
    def figure(self) -> str:
        """MACs and FLOPs, both named."""
        return f"{self.macs / 1e9:,.2f} GMACs = {self.gflops:,.2f} GFLOPs"

    @property
    def gflops(self) -> float:
        """2 x MACs, in 10^9."""
        return 2 * self.macs / 1e9


def counts_of(rows: Sequence[FlopsResult]) -> tuple[Count, ...]:
    """Give the pair's count for each network and benchmark that has a total of a pair."""
    groups: dict[tuple[str, str], list[FlopsResult]] = {}
    for row in rows:
        groups.setdefault((row.network, row.benchmark), []).append(row)
    return tuple(
        _count(total, found) for found in groups.values() if (total := _total(found)) is not None
    )


def saved(counts: Sequence[Count]) -> dict[str, tuple[Count, Count]]:
    """Pair each benchmark's first network with its baseline: Sample4Geo, else the second."""
    pairs = {}
    for benchmark in dict.fromkeys(count.benchmark for count in counts):
        found = [count for count in counts if count.benchmark == benchmark]
        baselines = [count for count in found if count.network == BASELINE] or found[1:2]
        networks = [count for count in found if count not in baselines]
        if networks and baselines and baselines[0].macs:
            pairs[benchmark] = (networks[0], baselines[0])
    return pairs


def _total(rows: Sequence[FlopsResult]) -> FlopsResult | None:
    totals = {row.counter: row for row in rows if (row.view, row.module) == ("pair", TOTAL)}
    return totals.get("onnx") or totals.get("torch")


def _count(total: FlopsResult, rows: Sequence[FlopsResult]) -> Count:
    parts = [row for row in rows if row.counter == total.counter and row.module != TOTAL]
    of_pair = [row for row in parts if row.view == "pair"]
    modules: dict[str, int] = {}
    for row in of_pair or parts:
        modules[row.module] = modules.get(row.module, 0) + row.macs
    return Count(total.network, total.benchmark, total.counter, total.macs, modules)
