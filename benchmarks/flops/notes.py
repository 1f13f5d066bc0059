"""What the rows mean: agreement of the counters, what folding saves, and against a baseline."""

from collections.abc import Iterator, Sequence
from typing import Literal

from ...runtime.preprocess import VIEWS, View
from .count import ModuleCount, pair_of, sum_of
from .modules import GFR, NEC
from .rows import Counted, Counter

MEANING = (
    "1 MAC = 2 FLOPs: convolutions and matrix products; a tool that prints MACs as FLOPs shows half"
)

_WORDS: dict[Counter, str] = {"onnx": "as exported", "torch": "with NEC computed anew"}


def notes_of(counted: Sequence[Counted]) -> tuple[str, ...]:
    """Write the notes; what needs both counters is left out where one of them did not run."""
    return tuple([MEANING, *_agreement(counted), *_folding(counted), *_against(counted)])


def _agreement(counted: Sequence[Counted]) -> Iterator[str]:
    compared = [one for one in counted if len(one.counts) > 1]
    differing = [
        f"the counters differ for {one.network} at {one.benchmark}, {view}: torch without NEC "
        f"{_without_nec(one, view):,} MACs, graph {_total(one, view, 'onnx').macs:,}"
        for one in compared
        for view in VIEWS
        if _without_nec(one, view) != _total(one, view, "onnx").macs
    ]
    if compared and not differing:
        yield "both counters agree to the MAC on every branch, once NEC is set aside"
    yield from differing


def _folding(counted: Sequence[Counted]) -> Iterator[str]:
    for one in counted:
        if len(one.counts) < 2 or NEC not in one.counts["torch"]["satellite"]:
            continue
        nec = one.counts["torch"]["satellite"][NEC]
        share = nec.macs / _total(one, "satellite", "torch").macs
        maps = pair_of(one.counts["torch"].values())[GFR].params + nec.params
        factors = pair_of(one.counts["onnx"].values())[GFR].params
        yield (
            f"{one.network} at {one.benchmark}: folding NEC saves {nec.macs / 1e6:,.2f} MMACs a "
            f"satellite image ({share:.2%}); maps and NEC, {maps:,} weights, become {factors:,} "
            "constant factors"
        )


def _against(counted: Sequence[Counted]) -> Iterator[str]:
    first = counted[0].network
    for one in counted:
        ours = next(x for x in counted if x.network == first and x.benchmark == one.benchmark)
        if one.network != first:
            parts = [
                f"{_fewer(ours, one, counter, 'macs')} MACs and FLOPs {words}"
                for counter, words in _WORDS.items()
            ]
            parts.append(f"{_fewer(ours, one, 'torch', 'params')} weights")
            yield f"{first} against {one.network} at {one.benchmark}, pair: {', '.join(parts)}"


def _fewer(
    ours: Counted, theirs: Counted, counter: Counter, figure: Literal["macs", "params"]
) -> str:
    a, b = (getattr(_total(one, "pair", counter), figure) for one in (ours, theirs))
    return f"{abs(a / b - 1):.2%} {'fewer' if a <= b else 'more'}"


def _without_nec(one: Counted, view: View) -> int:
    nec = one.counts["torch"][view].get(NEC, ModuleCount())
    return _total(one, view, "torch").macs - nec.macs


def _total(one: Counted, view: Literal[View, "pair"], counter: Counter) -> ModuleCount:
    branches = one.counts[counter]
    chosen = branches.values() if view == "pair" else [branches[view]]
    return sum_of(count for branch in chosen for count in branch.values())
