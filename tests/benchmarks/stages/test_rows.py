"""Rows of starts and of the road."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.latency.rows import Method, Timed
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.latency_result import Engine
from clnet.benchmarks.stages.road_worker import Started
from clnet.benchmarks.stages.rows import Run, road_rows, start_rows

METHOD = Method("onnxruntime", "fp32")
RAN = Ran(
    artifacts={"ground": {"ground graph": "a" * 64}, "satellite": {"satellite graph": "b" * 64}},
    engines={},
)


@pytest.fixture(scope="module")
def shared() -> Run:
    machine = Machine(
        processor="abacus",
        board=None,
        architecture="wood",
        cores=2,
        os="none",
        gpu=None,
        jetson_linux=None,
        power_mode=None,
    )
    return Run("toy", {"backbone": "toy"}, 2, {"python": "4"}, machine, places=5)


def started(start_up_s: float, others_cores: float | None = 0.0, ran: Ran = RAN) -> Started:
    return Started(
        start_up_s=start_up_s,
        first_call_s={"ground": 0.5, "satellite": 0.25},
        others_cores=others_cores,
        ran=ran,
        matcher={"matcher graph": "c" * 64},
        no_road=None,
    )


def test_each_start_is_a_sample_of_the_start_up_and_of_both_first_calls(shared: Run) -> None:
    rows = start_rows(shared, METHOD, [started(1.0), started(3.0), started(2.0)])

    assert [(row.stage, row.view) for row in rows] == [
        ("start_up", None),
        ("first_call", "ground"),
        ("first_call", "satellite"),
    ]
    assert rows[0].samples_ms == (1000.0, 3000.0, 2000.0)
    assert (rows[0].p50_ms, rows[1].p50_ms, rows[2].p50_ms) == (2000.0, 500.0, 250.0)


def test_a_start_names_both_graphs_and_a_first_call_its_own(shared: Run) -> None:
    start_up, ground, _ = start_rows(shared, METHOD, [started(1.0)])

    assert set(start_up.artifacts) == {"ground graph", "satellite graph"}
    assert set(ground.artifacts) == {"ground graph"}


@pytest.mark.parametrize(("seconds", "alike"), [((1.0, 1.02, 0.99), True), ((1, 2, 1), False)])
def test_starts_that_differ_by_more_than_a_tenth_are_not_stationary(
    shared: Run, seconds: tuple[float, ...], alike: bool
) -> None:
    row = start_rows(shared, METHOD, [started(one) for one in seconds])[0]

    assert row.stationary is alike


def test_where_nobody_counts_cores_the_row_has_no_figure_of_them(shared: Run) -> None:
    row = start_rows(shared, METHOD, [started(1.0, others_cores=None)])[0]

    assert row.others_cores is None


@given(st.lists(st.tuples(*[st.floats(0, 10)] * 4), min_size=1, max_size=8))
def test_each_run_of_the_road_is_the_sum_of_its_steps(
    shared: Run, runs: list[tuple[float, ...]]
) -> None:
    steps = ("decode", "preprocess", "embed", "match")
    turns = [{step: (of_step,) for step, of_step in zip(steps, run, strict=True)} for run in runs]

    rows = road_rows(shared, METHOD, Timed(turns, stationary=True, others_cores=0.0), started(1.0))

    *parts, road = rows
    assert [row.stage for row in rows] == [*steps, "road"]
    assert road.samples_ms == pytest.approx(
        [sum(of_run) for of_run in zip(*(row.samples_ms for row in parts), strict=True)]
    )


def test_only_stages_that_read_a_file_or_search_say_of_which_size(shared: Run) -> None:
    turns = [dict.fromkeys(("decode", "preprocess", "embed", "match"), (1.0,))]
    rows = road_rows(shared, METHOD, Timed(turns, stationary=True, others_cores=0.0), started(1.0))

    assert {row.stage: (row.file_width, row.gallery, row.k) for row in rows} == {
        "decode": (1232, None, None),
        "preprocess": (1232, None, None),
        "embed": (None, None, None),
        "match": (None, 5, 5),
        "road": (1232, 5, 5),
    }


def test_a_step_names_the_files_that_it_ran_and_the_road_all_of_them(shared: Run) -> None:
    turns = [dict.fromkeys(("decode", "preprocess", "embed", "match"), (1.0,))]
    rows = road_rows(shared, METHOD, Timed(turns, stationary=True, others_cores=0.0), started(1.0))

    assert {row.stage: set(row.artifacts) for row in rows} == {
        "decode": set(),
        "preprocess": set(),
        "embed": {"ground graph"},
        "match": {"matcher graph"},
        "road": {"ground graph", "matcher graph"},
    }


def test_a_row_says_tf32_where_an_engine_of_its_views_may_use_it(shared: Run) -> None:
    engine = Engine(key="k", flavour="tensorrt", version="10.3", graph_sha256="d" * 64, tf32=True)
    ran = RAN.model_copy(update={"engines": {"satellite": engine}})

    start_up, ground, satellite = start_rows(shared, METHOD, [started(1.0, ran=ran)])

    assert (start_up.tf32, ground.tf32, satellite.tf32) == (True, False, True)
