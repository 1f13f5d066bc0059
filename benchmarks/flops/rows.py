"""From counts to rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...runtime.preprocess import VIEWS, View
from ..machine.machine import Machine
from ..records.flops_result import FlopsResult
from .count import BranchCount, ModuleCount, pair_of, sum_of
from .modules import TOTAL, place_of

Counter = Literal["torch", "onnx"]


@dataclass(frozen=True, slots=True)
class FlopsReport:
    """What `clnet-bench flops` found."""

    rows: tuple[FlopsResult, ...]
    """By network, benchmark, view, module and counter, in this order."""

    notes: tuple[str, ...]
    """What they mean, a sentence or two each."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One network at one benchmark's sizes."""

    network: str
    """Its name."""

    benchmark: str
    """Whose sizes."""

    configuration: dict[str, Any]
    """Of the network, with its sizes."""

    artifacts: dict[str, str]
    """sha256 of the files that were read, by role."""

    counts: Mapping[Counter, Mapping[View, BranchCount]]
    """By counter and view."""


def rows_of(
    counted: Iterable[Counted], machine: Machine, versions: dict[str, str]
) -> tuple[FlopsResult, ...]:
    """Make a row of each view, module and counter, a pair's and the totals' among them."""
    return tuple(
        FlopsResult(
            versions=versions,
            machine=machine,
            artifacts=one.artifacts,
            configuration=one.configuration,
            network=one.network,
            benchmark=one.benchmark,
            view=view,
            module=module,
            counter=counter,
            macs=count.macs,
            flops=2 * count.macs,
            params=count.params,
            activation_bytes=count.activation_bytes,
            layer_norm_operations=count.layer_norm_operations,
        )
        for one in counted
        for view in (*VIEWS, "pair")
        for (module, counter), count in _modules(one, view).items()
    )


def _modules(one: Counted, view: Literal[View, "pair"]) -> dict[tuple[str, Counter], ModuleCount]:
    found: dict[tuple[str, Counter], ModuleCount] = {}
    for counter, branches in one.counts.items():
        modules = pair_of(branches.values() if view == "pair" else [branches[view]])
        modules[TOTAL] = sum_of(modules.values())
        found.update({(module, counter): count for module, count in modules.items()})
    return dict(sorted(found.items(), key=lambda item: place_of(item[0][0])))
