"""A device builds engines with the base and its TensorRT alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clnet.engines import process
from clnet.runtime.bundle import PARTS

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
def test_a_whole_bundle_is_built_where_nothing_heavy_can_be_imported(
    small_bundle: Path, tmp_path: Path
) -> None:
    """As on a Jetson: the command line, the worker, both branches and the matcher."""
    bundle = shutil.copytree(small_bundle, tmp_path / "bundle")
    block = f"import sys; sys.modules.update(dict.fromkeys({HEAVY!r}))"
    worker = (
        f"{block}\nfrom pathlib import Path; from clnet.engines.worker import main\n"
        "sys.exit(main(Path(sys.argv[1])))"
    )
    code = (
        f"{block}\nfrom clnet.engines import process\n"
        f"process.WORKER = (sys.executable, '-c', {worker!r})\n"
        "from clnet.engines.cli import build; build()"
    )
    options = ("--engine", "tensorrt-rtx", "--compute-capability", "8.6", "--profile", "1,4")

    done = subprocess.run(
        [sys.executable, "-c", code, str(bundle), *options],
        env=process.child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert [len([*(bundle / part / "engines").glob("*.engine")]) for part in PARTS] == [1, 1, 1]
