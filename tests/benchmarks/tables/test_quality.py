"""The table of two bundles' answers."""

import pytest

from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.accuracy_result import Share
from clnet.benchmarks.records.comparison_result import KnownPlace, MovedQuery, QualityResult
from clnet.benchmarks.tables.quality import SHOWN, quality_tables

KNOWN = KnownPlace(id="x", latitude=60.5, longitude=25.0)
UNKNOWN = KnownPlace(id="y", latitude=None, longitude=None)


def _row(machine: Machine, moved: int | None) -> QualityResult:
    one = MovedQuery(query=KNOWN, rank_a=1, rank_b=3, top_a=KNOWN, top_b=UNKNOWN)
    share = Share(percent=80.0, low=70.0, high=90.0)
    return QualityResult(
        versions={}, machine=machine, a="a", b="b", what="town", queries=40, gallery=40,
        recall_a={"1": share}, recall_b={"1": share},
        moved=None if moved is None else (one,) * moved,
    )  # fmt: skip


def test_recalls_stand_beside_each_other_with_their_intervals(machine: Machine) -> None:
    (table,) = quality_tables([_row(machine, None)])
    assert [head.name for head in table.heads] == ["what", "A R@1 %", "B R@1 %"]
    assert table.lines == (("town", "80.00 [70.00, 90.00]", "80.00 [70.00, 90.00]"),)


def test_moved_queries_have_a_table_of_their_own(machine: Machine) -> None:
    quality, moved = quality_tables([_row(machine, 2)])
    assert quality.lines[0][-1] == "2 of 40"
    assert moved.lines == (("x", "1", "3", "x (60.500000, 25.000000)", "y"),) * 2


@pytest.mark.parametrize(("moved", "title"), [(SHOWN, "20"), (SHOWN + 1, "the first 20 of 21")])
def test_of_many_moved_queries_the_first_are_shown(
    machine: Machine, moved: int, title: str
) -> None:
    _, table = quality_tables([_row(machine, moved)])
    assert len(table.lines) == SHOWN
    assert table.title == f"moved queries of town: {title}"
