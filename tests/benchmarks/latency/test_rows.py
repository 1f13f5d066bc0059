"""From turns to rows: a pair is the sum of both views, a ratio is taken within a round."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.latency.rows import Method, Run, Timed, latency_rows
from clnet.benchmarks.records.latency_result import Engine, LatencyResult
from clnet.benchmarks.records.lines import read_lines, write_lines
from clnet.benchmarks.subjects.subject import Subject
from clnet.runtime.errors import ArtifactError

Times = Callable[..., Timed]


@pytest.fixture
def rows(
    subject: Subject, shared: Run, timed: Times, eager: Method, onnxruntime: Method
) -> dict[tuple[str, str], LatencyResult]:
    methods = {
        eager: timed(((2.0, 2.2, 2.4), (6.0, 6.0, 9.0)), ((20.0,) * 3, (60.0,) * 3)),
        onnxruntime: timed(((1.0, 1.1, 1.2), (3.0, 3.0, 4.5)), ((5.0,) * 3, (15.0,) * 3)),
    }
    ran = {method: subject.ran(method.backend) for method in methods}
    made = latency_rows(shared, methods, ran, cosines={onnxruntime: {"ground": 0.5}})
    return {(row.view, row.backend): row for row in made}


def test_there_is_a_row_for_each_view_and_method_with_the_pair_last(
    rows: dict[tuple[str, str], LatencyResult],
) -> None:
    assert [view for view, _ in rows] == ["ground"] * 2 + ["satellite"] * 2 + ["pair"] * 2


def test_a_pairs_sample_is_a_ground_run_and_the_satellite_run_after_it(
    rows: dict[tuple[str, str], LatencyResult],
) -> None:
    pair = rows["pair", "onnxruntime"]

    assert pair.samples == 6
    assert pair.p50_ms == pytest.approx((5.7e3 + 20e3) / 2)
    assert pair.max_ms == pytest.approx(20e3)


def test_ratios_are_taken_round_by_round_on_medians(
    rows: dict[tuple[str, str], LatencyResult],
) -> None:
    assert rows["ground", "onnxruntime"].ratio_to_torch_eager_fp32 == pytest.approx((2 + 4) / 2)
    # round 1: (2.2 + 6.0) / (1.1 + 3.0), round 2: 80 / 20
    assert rows["pair", "onnxruntime"].ratio_to_torch_eager_fp32 == pytest.approx((2 + 4) / 2)
    assert rows["pair", "torch_eager"].ratio_to_torch_eager_fp32 == 1.0


def test_images_a_second_count_both_images_of_a_pair(
    rows: dict[tuple[str, str], LatencyResult],
) -> None:
    ground, pair = rows["ground", "onnxruntime"], rows["pair", "onnxruntime"]

    assert ground.images_per_s == pytest.approx(6 * 4 / 18.3)
    assert pair.images_per_s == pytest.approx(6 * 8 / (18.3 + 55.5))


def test_what_was_not_measured_is_absent(rows: dict[tuple[str, str], LatencyResult]) -> None:
    row = rows["ground", "onnxruntime"]

    assert (row.p90_ms, row.p95_ms, row.p99_ms) == (None, None, None)
    assert row.ratio_to_torch_eager_bf16 is None
    assert rows["satellite", "onnxruntime"].min_cosine_to_torch_eager_fp32 is None


def test_a_row_names_the_files_that_ran_and_mlperfs_scenario(
    rows: dict[tuple[str, str], LatencyResult],
    subject: Subject,
    shared: Run,
    timed: Times,
    eager: Method,
) -> None:
    assert set(rows["pair", "onnxruntime"].artifacts) == {"ground graph", "satellite graph"}
    assert set(rows["ground", "onnxruntime"].artifacts) == {"ground graph"}
    assert set(rows["ground", "torch_eager"].artifacts) == {"checkpoint"}
    assert rows["pair", "onnxruntime"].scenario == "Offline"
    alone = {eager: timed(((1.0,), (1.0,)))}
    single = latency_rows(replace(shared, batch=1), alone, {eager: subject.ran(eager.backend)})
    assert single[0].scenario == "SingleStream"


def test_a_row_names_its_own_views_engine_and_a_pairs_row_both(shared: Run, timed: Times) -> None:
    def engine(key: str, *, tf32: bool) -> Engine:
        return Engine(
            key=key, flavour="tensorrt", version="10.3.0", graph_sha256="d" * 64, tf32=tf32
        )

    engines = {"ground": engine("g", tf32=False), "satellite": engine("s", tf32=True)}
    ran = Ran(artifacts={"ground": {"g": "1"}, "satellite": {"s": "2"}}, engines=engines)
    method = Method("tensorrt", "fp16")

    ground, satellite, pair = latency_rows(shared, {method: timed(((1.0,), (1.0,)))}, {method: ran})

    assert ground.engines == {"ground": engines["ground"]}
    assert (pair.engines, pair.artifacts) == (engines, {"g": "1", "s": "2"})
    assert [row.tf32 for row in (ground, satellite, pair)] == [False, True, True]


def test_rows_come_back_from_json_lines_as_they_were(
    rows: dict[tuple[str, str], LatencyResult], tmp_path: Path
) -> None:
    write_lines(list(rows.values()), tmp_path / "rows.jsonl")

    assert read_lines(tmp_path / "rows.jsonl", LatencyResult) == list(rows.values())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"schema_version":4', '"schema_version":2', "version 2.* reads 4", id="old"),
        pytest.param('"batch":4', '"lot":4', "batch: Field required; .*lot: Extra", id="keys"),
        pytest.param('{"', "", "no JSON", id="torn"),
    ],
)
def test_a_line_that_is_no_row_is_named(
    rows: dict[tuple[str, str], LatencyResult], tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "rows.jsonl"
    write_lines(list(rows.values()), path)
    path.write_text(path.read_text().replace(old, new, 1))

    with pytest.raises(ArtifactError, match=rf"rows\.jsonl line 1: .*{message}"):
        read_lines(path, LatencyResult)
