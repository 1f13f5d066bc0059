from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
onnxruntime = pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")

from clnet.export.matcher_graph import write_matcher
from clnet.runtime.errors import ArtifactError


def test_the_graph_gives_the_best_rows_best_first(tmp_path: Path) -> None:
    write_matcher(tmp_path / "matcher.onnx", dim=2)
    gallery = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    feed = {"queries": gallery[:1], "gallery": gallery, "k": np.array([3], np.int64)}

    session = onnxruntime.InferenceSession(tmp_path / "matcher.onnx")
    scores, rows, probe = session.run(["scores", "rows", "probe"], feed)

    np.testing.assert_array_equal(rows, [[0, 1, 2]])
    np.testing.assert_array_equal(scores, [[1, 0, -1]])
    np.testing.assert_array_equal(probe, [0])


def test_queries_gallery_and_k_are_free_and_the_dimension_is_not(tmp_path: Path) -> None:
    write_matcher(tmp_path / "matcher.onnx", dim=7, opset=17)

    model = onnx.load(tmp_path / "matcher.onnx")

    shapes = {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in [*model.graph.input, *model.graph.output]
    }
    assert shapes == {
        "queries": ["Q", 7],
        "gallery": ["N", 7],
        "k": [1],
        "scores": ["Q", "K"],
        "rows": ["Q", "K"],
        "probe": [1],
    }
    assert model.opset_import[0].version == 17


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ArtifactError, match=r"cannot write .*matcher\.onnx"):
        write_matcher(tmp_path / "file" / "matcher.onnx", dim=2)
