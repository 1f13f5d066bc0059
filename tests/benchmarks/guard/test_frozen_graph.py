"""The yardstick's network is the same each time, and one that runs."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
onnxruntime = pytest.importorskip("onnxruntime", reason="and run by onnxruntime: clnet[cpu]")

from clnet.benchmarks.guard.frozen_graph import SHAPE, frozen_images, write_frozen_graph


def test_it_is_written_alike_twice(tmp_path: Path) -> None:
    for name in "ab":
        write_frozen_graph(tmp_path / name)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_its_features_are_finite_and_differ_by_image(tmp_path: Path) -> None:
    write_frozen_graph(tmp_path / "frozen.onnx")
    session = onnxruntime.InferenceSession(
        str(tmp_path / "frozen.onnx"), providers=["CPUExecutionProvider"]
    )

    features = session.run(None, {"images": frozen_images()})[0].reshape(SHAPE[0], -1)

    assert np.isfinite(features).all()
    assert features.std(axis=0).min() > 0
