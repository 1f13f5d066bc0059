"""The search on a simulated GPU: the same rows as on a CPU, the gallery moved once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from simulated_cuda import SimulatedDevice
from simulated_engines import MAX_K, QUERIES, ROWS, add_matcher

from clnet.runtime.backends import open_backend, open_matcher
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedding_run import embed_into
from clnet.runtime.errors import ArtifactError, DataError, DeviceFailed
from clnet.runtime.gallery import Gallery
from clnet.runtime.matching_run import match_items
from clnet.runtime.sources import read_sources

Floats = NDArray[np.float32]
Rows = Callable[..., Floats]
DIM = 16


def test_a_large_gallery_gives_the_ids_that_the_cpu_gives(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    queries, gallery = unit_rows(3 * QUERIES + 1, seed=1), unit_rows(10 * ROWS + 3, seed=2)

    with open_matcher(engine_bundle, "tensorrt") as matcher:
        found = matcher.top_k(queries, gallery, 10)

    with open_matcher(engine_bundle, "onnxruntime") as matcher:
        expected = matcher.top_k(queries, gallery, 10)
    np.testing.assert_array_equal(found.rows, expected.rows)
    np.testing.assert_array_equal(found.scores, expected.scores)


def test_a_held_gallery_is_moved_once_and_nothing_is_allocated_by_a_search(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    gallery = unit_rows(5 * ROWS)
    with open_matcher(engine_bundle, "tensorrt") as matcher, matcher.hold(gallery) as held:
        assert gpu.counts.copied_bytes == gallery.nbytes
        taken = gpu.counts.allocations
        for seed in range(3):
            matcher.top_k(unit_rows(7, seed=seed), held, 4)

        assert gpu.counts.allocations == taken


def test_a_gallery_larger_than_the_gpu_is_searched_in_pieces(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    queries, gallery = unit_rows(4, seed=1), unit_rows(40 * ROWS, seed=2)
    with open_matcher(engine_bundle, "onnxruntime") as matcher:
        expected = matcher.top_k(queries, gallery, 5).rows
    with open_matcher(engine_bundle, "tensorrt") as matcher:
        gpu.memory_bytes -= gpu.free_bytes() - gallery.nbytes // 3

        np.testing.assert_array_equal(matcher.top_k(queries, gallery, 5).rows, expected)
        with pytest.raises(DeviceFailed, match="out of memory"), matcher.hold(gallery):
            pass


def test_k_up_to_the_engines_limit_works_and_above_it_is_refused(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    queries, gallery = unit_rows(2, seed=1), unit_rows(300, seed=2)
    with open_matcher(engine_bundle, "tensorrt") as matcher:
        assert matcher.max_k == MAX_K
        assert matcher.top_k(queries, gallery, MAX_K).rows.shape == (2, MAX_K)
        with pytest.raises(DataError, match=f"at most {MAX_K} on a GPU"):
            matcher.top_k(queries, gallery, MAX_K + 1)


def test_ties_beyond_the_engines_limit_are_still_ranked_as_on_a_cpu(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    for path in (engine_bundle.path / "matcher/engines").iterdir():
        path.unlink()
    add_matcher(engine_bundle, rows=1024)
    gallery = np.tile(unit_rows(1), (1000, 1))

    with open_matcher(engine_bundle, "tensorrt") as matcher:
        found = matcher.top_k(gallery[:1], gallery, 12).rows

    np.testing.assert_array_equal(found, [np.arange(12)])


def test_a_matcher_of_another_dimension_than_its_record_says_is_refused(
    engine_bundle: Bundle, gpu: SimulatedDevice, tmp_path: Path
) -> None:
    from clnet.export.matcher_graph import write_matcher

    write_matcher(tmp_path / "wide.onnx", 32)
    digest = engine_bundle.manifest.files["matcher.onnx"].sha256
    for path in (engine_bundle.path / "matcher/engines").iterdir():
        path.unlink()
    add_matcher(engine_bundle, graph=tmp_path / "wide.onnx", onnx_sha256=digest)

    with pytest.raises(ArtifactError, match="not what its record says: the matcher's inputs"):
        open_matcher(engine_bundle, "tensorrt")
    assert gpu.held == 0


@pytest.fixture
def photographs(picture: Callable[..., Path], tmp_path: Path) -> list[str]:
    return [str(picture(f"photographs/{seed}.png", seed=seed)) for seed in range(9)]


def test_embedding_and_matching_on_the_gpu_answer_as_the_cpu_does(
    engine_bundle: Bundle, gpu: SimulatedDevice, photographs: list[str], tmp_path: Path
) -> None:
    items = read_sources(photographs)
    embed_into(tmp_path / "gallery", engine_bundle, "satellite", items, backend="tensorrt")
    gallery = Gallery.open(tmp_path / "gallery")

    found = match_items(gallery, engine_bundle, items, top_k=4, backend="tensorrt")

    expected = match_items(gallery, engine_bundle, items, top_k=4, backend="onnxruntime")
    assert len(found.answers) == len(photographs)
    assert [[match.id for match in answer.matches] for answer in found.answers] == [
        [match.id for match in answer.matches] for answer in expected.answers
    ]


def test_a_k_above_the_limit_is_refused_before_any_image_is_embedded(
    engine_bundle: Bundle, gpu: SimulatedDevice, unit_rows: Rows
) -> None:
    with open_matcher(engine_bundle, "tensorrt") as matcher:
        with pytest.raises(DataError, match=f"got {MAX_K + 1}"):
            matcher.check_k(MAX_K + 1, None)
    with open_backend(engine_bundle, "ground", "tensorrt"):
        assert gpu.counts.launches == 0
