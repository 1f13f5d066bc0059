"""A bundle that searches, too."""

import shutil
from pathlib import Path

import pytest

from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import Bundle, FileRecord


@pytest.fixture(scope="package")
def searchable(toy_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The toy with its matcher."""
    pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graphs")
    from clnet.export.matcher_graph import write_matcher

    folder = shutil.copytree(toy_bundle, tmp_path_factory.mktemp("searchable") / "toy")
    matcher = folder / "matcher.onnx"
    manifest = Bundle.open(folder).manifest
    write_matcher(matcher, manifest.embedding_dim)
    record = FileRecord(sha256=sha256_of(matcher), size_bytes=matcher.stat().st_size)
    files = manifest.files | {"matcher.onnx": record}
    manifest.model_copy(update={"files": files}).write(folder / "manifest.json")
    return Bundle.open(folder)
