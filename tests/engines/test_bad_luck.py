"""What goes wrong at the command line: one line, status 2, and what was there stays as it was."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from clnet.engines.process import child_environment
from clnet.runtime.engine.sidecar import engine_path

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("rtx")]

OPTIONS = ("--engine", "tensorrt-rtx", "--compute-capability", "8.6", "--part", "ground")


@pytest.fixture(scope="module")
def built(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose ground branch has an engine; copy it before harming it."""
    bundle = tmp_path_factory.mktemp("built") / "bundle"
    shutil.copytree(small_bundle, bundle, ignore=shutil.ignore_patterns("engines"))
    done = build(bundle)
    assert done.returncode == 0, done.stderr
    return bundle


@pytest.fixture
def bundle(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "bundle")


def build(bundle: Path, *more: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """Run `clnet-build` after some Python of its own, in a fresh process."""
    code = f"{first}\nfrom clnet.engines.cli import build; build()"
    return subprocess.run(
        [sys.executable, "-c", code, str(bundle), *OPTIONS, *more],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def contents(bundle: Path) -> dict[str, str]:
    files = (path for path in bundle.rglob("*") if path.is_file())
    return {str(path.relative_to(bundle)): sha256(path.read_bytes()).hexdigest() for path in files}


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    return done.stderr


def dying(how: str) -> str:
    worker = f"import os, sys; os.write(2, b'compiling'); {how}"
    return (
        "import sys; from clnet.engines import process\n"
        f"process.WORKER = (sys.executable, '-c', {worker!r})"
    )


def test_no_space_left_while_an_engine_is_written(bundle: Path) -> None:
    before = contents(bundle)
    size = next((bundle / "ground" / "engines").glob("*.engine")).stat().st_size
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size - 1},) * 2)"

    message = refused(build(bundle, "--force", first=limit))

    assert "cannot write an engine of" in message
    assert contents(bundle) == before


def test_no_space_left_for_the_record_of_an_engine(bundle: Path) -> None:
    before = contents(bundle)
    full = (
        "from clnet.engines import builder; from clnet.runtime.errors import ArtifactError\n"
        "class Full(builder.Sidecar):\n"
        "    def write(self, path):\n"
        "        raise ArtifactError(f'cannot write {path}: No space left on device')\n"
        "builder.Sidecar = Full"
    )

    assert "No space left on device" in refused(build(bundle, "--force", first=full))
    assert contents(bundle) == before


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param("os.abort()", "SIGABRT; its log ends: compiling", id="abort"),
        pytest.param("os.kill(os.getpid(), 11)", "SIGSEGV; its log ends: compiling", id="crash"),
        pytest.param("os.kill(os.getpid(), 9)", "lower workspace_mib", id="out-of-memory"),
    ],
)
def test_a_compiler_that_dies(bundle: Path, how: str, said: str) -> None:
    before = contents(bundle)

    assert said in refused(build(bundle, "--force", first=dying(how)))
    assert contents(bundle) == before


def test_an_unknown_capability(bundle: Path) -> None:
    before = contents(bundle)

    assert "8.7: this TensorRT builds for" in refused(build(bundle, "--compute-capability", "8.7"))
    assert contents(bundle) == before


def test_a_bundle_with_a_changed_byte(bundle: Path) -> None:
    graph = bundle / "satellite" / "model.fp16.onnx"
    content = bytearray(graph.read_bytes())
    content[-1] ^= 1
    graph.write_bytes(content)
    before = contents(bundle)

    message = refused(build(bundle))

    assert "satellite/model.fp16.onnx is not the file that was exported" in message
    assert contents(bundle) == before


def test_a_truncated_engine_is_built_again(bundle: Path) -> None:
    folder = bundle / "ground" / "engines"
    (engine,) = folder.glob("*.engine")
    engine.write_bytes(engine.read_bytes()[:-1])

    done = build(bundle)

    assert done.returncode == 0, done.stderr
    record = json.loads(next(folder.glob("*.json")).read_text())
    assert engine_path(folder, record["key"]).stat().st_size == record["engine"]["size_bytes"]
