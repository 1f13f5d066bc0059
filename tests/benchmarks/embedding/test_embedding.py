"""Files to embeddings beside the backend alone: figures measured on files like photographs."""

from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graphs")

from clnet.benchmarks.embedding import memory as embedding_memory
from clnet.benchmarks.embedding.embedding import NATIVE, Timed, measure_embedding
from clnet.benchmarks.embedding.files_worker import BACKEND, FILES
from clnet.benchmarks.embedding.memory import measure_memory, slope_mib
from clnet.benchmarks.embedding.memory_worker import MemoryJob, MemoryTrace
from clnet.benchmarks.latency.ran import Ran
from clnet.benchmarks.records.embedding_result import EmbeddingResult
from clnet.benchmarks.records.lines import read_lines, write_lines
from clnet.benchmarks.subjects.photographs import photograph, write_photographs
from clnet.benchmarks.subjects.random_bundle import bundle_to_measure
from clnet.benchmarks.tables.terminal import report_text
from clnet.runtime.errors import ConfigError
from clnet.runtime.gallery import Gallery


def job(bundle: Path, photographs: Path, images: int) -> MemoryJob:
    return MemoryJob(
        bundle=str(bundle), view="ground", backend="onnxruntime", precision="fp32", batch=4,
        photographs=str(photographs), images=images,
    )  # fmt: skip


def test_made_up_photographs_are_as_large_as_real_ones(tmp_path: Path) -> None:
    write_photographs(tmp_path / "files", 3, 750, 750)

    paths = sorted((tmp_path / "files").iterdir())
    assert [path.name for path in paths] == ["00000.jpg", "00001.jpg", "00002.jpg"]
    assert all(cv2.imread(str(path)).shape == (750, 750, 3) for path in paths)
    bits = [8 * path.stat().st_size / 750**2 for path in paths]
    assert 1.5 < min(bits) <= max(bits) < 5  # a photograph of quality 90 takes two to four


def test_photographs_differ_and_come_again() -> None:
    assert np.array_equal(photograph(64, 48, 1), photograph(64, 48, 1))
    assert not np.array_equal(photograph(64, 48, 1), photograph(64, 48, 2))


def test_a_part_has_one_time_a_round() -> None:
    turns = [{BACKEND: (1.0,), FILES: (2.0,)}, {BACKEND: (3.0,), FILES: (4.0,)}]
    timed = Timed(turns, None, Ran(artifacts={}, engines={}), True)

    assert (timed.rounds_s(BACKEND), timed.rounds_s(FILES)) == ([1.0, 3.0], [2.0, 4.0])


def test_growth_after_the_warm_up_is_the_slope() -> None:
    images = tuple(range(100, 5001, 100))
    resident = tuple(500.0 if n <= 1000 else 700 + n / 500 for n in images)

    trace = MemoryTrace(images=images, resident_mib=resident, peak_mib=710.0)

    assert slope_mib(trace) == pytest.approx(2.0)


def test_too_few_images_for_a_slope_are_refused(tmp_path: Path) -> None:
    few = job(tmp_path / "bundle", tmp_path / "photographs", 1999)

    with pytest.raises(ConfigError, match="a slope needs 2,000 images, got 1,999"):
        measure_memory(few, tmp_path)


def test_two_networks_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="one of BUNDLE and --config"):
        bundle_to_measure(tmp_path, bundle=tmp_path, config_path=tmp_path)


@pytest.mark.slow
def test_both_views_are_measured_from_files_and_in_memory(toy_bundle: Path, tmp_path: Path) -> None:
    report = measure_embedding(bundle=toy_bundle, images=6, batch=4, rounds=2)

    for row, view in zip(report.rows, ("ground", "satellite"), strict=True):
        assert (row.view, row.file_width, row.file_height) == (view, *NATIVE[view])
        assert row.identical
        assert 0 < row.ratio_to_backend < 2
        assert row.decode_images_per_s > 0
        assert row.memory is None
    write_lines(report.rows, tmp_path / "rows.jsonl")
    assert read_lines(tmp_path / "rows.jsonl", EmbeddingResult) == list(report.rows)
    assert "750 x 750" in report_text(report.rows)


@pytest.mark.slow
def test_memory_is_that_of_a_run_into_a_gallery_above_the_backend_alone(
    toy_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_memory, "WARM_UP_IMAGES", 8)
    write_photographs(tmp_path / "photographs", 4, 64, 64)

    memory = measure_memory(job(toy_bundle, tmp_path / "photographs", 40), tmp_path)

    assert 20 < memory.above_backend_mib < 600  # LanceDB alone takes more than 20
    assert len(Gallery.open(tmp_path / "run" / "gallery")) == 40
