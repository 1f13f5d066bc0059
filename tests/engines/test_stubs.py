"""
The `tensorrt` flavour, type-checked against a third party's stubs: names, members, arguments.

No GPU and no TensorRT is needed. The stubs and the checker (mypy cannot read them) come from PyPI
into a temporary folder; without an index the tests are skipped.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clnet import engines, runtime

STUBS, CHECKER = "tensorrt-stubs==10.13.0.35.1", "basedpyright==1.40.2"
ROOT = Path(engines.__file__).parent.parent.resolve()
FILES = sorted(
    path.resolve()
    for folder in (engines, runtime)
    for path in Path(folder.__file__).parent.rglob("*.py")
    if "import tensorrt as trt" in path.read_text() or "import TensorRT" in path.read_text()
)

KNOWN_GAP = '"Dims"'
"""The stubs do not know what their own text says: any iterable stands for Dims, and back."""

pytestmark = pytest.mark.slow

Check = Callable[..., list[str]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Type-check files against the stubs; returns each error on a line."""
    folder = tmp_path_factory.mktemp("stubs")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
    for arguments in (["--no-deps", STUBS], [CHECKER]):
        done = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:]
            pytest.skip(f"pip cannot get {arguments[-1]}: {' '.join(last)}")

    def run(*files: Path) -> list[str]:
        config = {
            "include": [str(file) for file in files],
            "extraPaths": [str(folder), str(ROOT / ".ns")],
            "typeCheckingMode": "standard",
            "pythonVersion": "3.10",
            "reportMissingModuleSource": False,
        }
        (folder / "config.json").write_text(json.dumps(config))
        done = subprocess.run(
            [sys.executable, "-m", "basedpyright", "--outputjson", "-p", folder / "config.json"],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(folder), "PATH": ""},
            check=False,
        )
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["summary"]["filesAnalyzed"] == len(files)
        return [
            f"{Path(found['file']).name}: {found['message']}"
            for found in report["generalDiagnostics"]
            if found["severity"] == "error" and KNOWN_GAP not in found["message"]
        ]

    return run


def test_builder_and_runner_use_tensorrt_as_its_stubs_say(check: Check) -> None:
    assert check(*FILES) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("create_optimization_profile()", "create_profile()", id="member"),
        pytest.param("MemoryPoolType.WORKSPACE", "MemoryPoolType.SCRATCH", id="enum"),
        pytest.param("set_memory_pool_limit(", "set_memory_pool_limit(0, ", id="arguments"),
        pytest.param("module.BuilderFlag", "module.BuildFlag", id="module"),
    ],
)
def test_a_wrong_name_is_caught(check: Check, tmp_path: Path, right: str, wrong: str) -> None:
    for folder in ("engines", "runtime"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    broken = tmp_path / "engines" / "compiler.py"
    text = broken.read_text()
    assert right in text
    broken.write_text(text.replace(right, wrong))

    assert any(error.startswith("compiler.py") for error in check(broken))
