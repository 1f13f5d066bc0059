"""What each step of the ablation adds, paired by seed."""

from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("scipy", reason="scipy is not installed")

from clnet.benchmarks.ablation.gains import gains_of
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.ablation_result import AblationResult
from clnet.benchmarks.tables.ablation import ablation_tables, gain_tables


@pytest.fixture
def rows(machine: Machine) -> list[AblationResult]:
    shared: dict[str, Any] = {
        "versions": {}, "machine": machine, "data": "town", "layout": "cvusa", "queries": 10,
        "gallery": 10, "recall_at_5": 90.0, "recall_at_10": 95.0, "floor_at_1": 50.0, "steps": 9,
        "pair_macs": 5_000_000, "params": 7,
    }  # fmt: skip
    scores = {"baseline": (10.0, 20.0, 30.0), "maps": (15.0, 21.0, 39.0), "nec": (60.0, 70.0, 80.0)}
    return [
        AblationResult.model_validate(
            {**shared, "variant": variant, "seed": seed, "recall_at_1": score}
        )
        for variant, found in scores.items()
        for seed, score in enumerate(found)
    ]


def test_gains_are_differences_of_the_same_seed(rows: list[AblationResult]) -> None:
    first = gains_of(rows)[0]

    assert (first.over, first.variant, first.seeds) == ("baseline", "maps", (0, 1, 2))
    assert (first.gain_at_1, first.least, first.most) == (5.0, 1.0, 9.0)
    assert first.low == pytest.approx(5 - 4.302653 * 4 / 3**0.5, abs=1e-4)


def test_seeds_without_one_of_the_two_are_left_out(rows: list[AblationResult]) -> None:
    kept = [row for row in rows if not (row.variant == "baseline" and row.seed > 0)]

    found = {(one.over, one.variant): one for one in gains_of(kept)}

    assert found["baseline", "maps"].seeds == (0,)
    assert found["baseline", "maps"].low is None
    assert found["maps", "nec"].seeds == (0, 1, 2)


def test_a_variant_that_was_not_trained_has_no_gain(rows: list[AblationResult]) -> None:
    assert not [one for one in gains_of(rows) if "image" in (one.over, one.variant)]


@pytest.mark.parametrize(
    "change", [{"layout": "cvact"}, {"steps": 8}, {"configuration": {"backbone": "another"}}]
)
def test_runs_that_differ_in_more_than_seed_and_variant_are_not_averaged(
    rows: list[AblationResult], change: dict[str, Any]
) -> None:
    other = rows[0].model_copy(update=change)

    assert [len(table.lines) for table in ablation_tables([*rows, other])] == [3, 1]


def test_tables_show_mean_deviation_and_range_over_seeds(rows: list[AblationResult]) -> None:
    (table,) = ablation_tables(rows)

    assert [line[:3] for line in table.lines] == [
        ("baseline", "20.0 ± 10.0", "10.0 to 30.0"),
        ("+ maps and GFR", "25.0 ± 12.5", "15.0 to 39.0"),
        ("+ NEC", "70.0 ± 10.0", "60.0 to 80.0"),
    ]
    assert gain_tables(gains_of(rows))[0].lines[1][:4] == (
        "+ NEC", "+ maps and GFR", "+45.0", "[+35.1, +54.9]"
    )  # fmt: skip
