"""Rows and notes, from made-up counts."""

import pytest
from pydantic import ValidationError

from clnet.benchmarks.flops.count import ModuleCount
from clnet.benchmarks.flops.notes import MEANING, notes_of
from clnet.benchmarks.flops.rows import Counted, rows_of
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.runtime.preprocess import VIEWS

STEM, HEAD = "backbone.stem", "head"


def counted(network: str, stem: int, nec: int, graph_stem: int | None = None) -> Counted:
    """One shared weight of 10 numbers in the stem; each view has 3 of its own in the head."""

    def branch(macs: int, view: str) -> dict[str, ModuleCount]:
        head = ModuleCount(macs=1, weights={f"head of {view}": 3})
        return {HEAD: head, STEM: ModuleCount(macs=macs, weights={"kernel": 10})}

    on_network = {view: branch(stem, view) for view in VIEWS}
    on_graph = {view: branch(graph_stem or stem, view) for view in VIEWS}
    if nec:
        on_network["satellite"]["nec"] = ModuleCount(macs=nec, weights={"mlp": 5})
        on_network["ground"]["gfr"] = ModuleCount(weights={"map": 7})
        on_graph["satellite"]["gfr"] = ModuleCount(weights={"factor": 20})
    return Counted(network, "cvusa", {}, {}, {"torch": on_network, "onnx": on_graph})


def rows(one: Counted, machine: Machine) -> dict[tuple[str, str, str], FlopsResult]:
    found = rows_of([one], machine, {"python": "4"})
    return {(row.view, row.module, row.counter): row for row in found}


def test_each_view_and_counter_has_one_total_of_its_modules(machine: Machine) -> None:
    found = rows_of([counted("toy", stem=100, nec=8)], machine, {})

    totals = [(row.view, row.counter, row.macs) for row in found if row.module == "total"]
    assert totals == [
        ("ground", "torch", 101), ("ground", "onnx", 101),
        ("satellite", "torch", 109), ("satellite", "onnx", 101),
        ("pair", "torch", 210), ("pair", "onnx", 202),
    ]  # fmt: skip


def test_weights_of_both_branches_count_once_in_a_pair(machine: Machine) -> None:
    found = rows(counted("toy", stem=100, nec=0), machine)

    assert found["pair", STEM, "torch"].params == 10
    assert found["pair", HEAD, "torch"].params == 6
    assert found["pair", "total", "torch"].params == 16
    assert found["ground", "total", "torch"].params == 13


def test_modules_stand_in_the_order_of_the_images_way(machine: Machine) -> None:
    found = rows_of([counted("toy", stem=100, nec=8)], machine, {})

    pair = [row.module for row in found if row.view == "pair" and row.counter == "torch"]
    assert pair == [STEM, "nec", "gfr", HEAD, "total"]


def test_a_mac_is_two_flops_or_no_row(machine: Machine) -> None:
    row = rows(counted("toy", stem=100, nec=0), machine)["ground", "total", "onnx"]

    assert row.flops == 202
    with pytest.raises(ValidationError, match="expected 2 x macs"):
        FlopsResult.model_validate(row.model_dump() | {"flops": row.macs})


def test_notes_say_what_folding_saves_and_what_the_baseline_costs() -> None:
    ours, theirs = counted("ours", stem=99, nec=50), counted("theirs", stem=399, nec=0)

    notes = notes_of([ours, theirs])

    assert notes == (
        MEANING,
        "both counters agree to the MAC on every branch, once NEC is set aside",
        "ours at cvusa: folding NEC saves 0.00 MMACs a satellite image (33.33%); maps and NEC, "
        "12 weights, become 20 constant factors",
        "ours against theirs at cvusa, pair: 75.00% fewer MACs and FLOPs as exported, "
        "68.75% fewer MACs and FLOPs with NEC computed anew, 75.00% more weights",
    )


def test_counters_that_differ_are_named_with_both_figures() -> None:
    notes = notes_of([counted("toy", stem=100, nec=8, graph_stem=90)])

    assert [note for note in notes if "differ" in note] == [
        f"the counters differ for toy at cvusa, {view}: torch without NEC 101 MACs, graph 91"
        for view in ("ground", "satellite")
    ]
    assert not any("agree" in note for note in notes)
