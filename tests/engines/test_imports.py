"""A device builds engines with the base and its TensorRT alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from clnet.engines import build_engine, process

HEAVY = ("torch", "timm", "onnx", "onnxscript", "onnxslim", "onnxruntime", "lancedb")


def test_engines_import_nothing_heavy() -> None:
    code = (
        "import sys, clnet.engines, clnet.engines.cli, clnet.engines.worker\n"
        f"found = sorted({{*{HEAVY!r}, 'tensorrt', 'tensorrt_rtx'}} & set(sys.modules))\n"
        "sys.exit(', '.join(found) or 0)"
    )
    environment = process.child_environment()
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("rtx")
def test_an_engine_is_built_where_nothing_heavy_can_be_imported(
    half_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({HEAVY!r}))\n"
        "from pathlib import Path; from clnet.engines.worker import main\n"
        "sys.exit(main(Path(sys.argv[1])))"
    )
    monkeypatch.setattr(process, "WORKER", (sys.executable, "-c", code))

    record = build_engine(
        half_graph, tmp_path, part="ground", precision="fp16", flavour="tensorrt-rtx"
    )

    assert record.engine.size_bytes > 0
