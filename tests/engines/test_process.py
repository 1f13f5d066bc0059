"""The build process may die in any way: its caller gets one error, with the end of the log."""

import sys
from pathlib import Path

import pytest

from clnet.engines.job import Request
from clnet.engines.process import run_build
from clnet.runtime.engine.config import BranchConfig
from clnet.runtime.engine.identity import EngineIdentity
from clnet.runtime.errors import ArtifactError, BackendUnavailable, BuildFailed

REQUEST = Request(
    onnx="/nowhere.onnx",
    identity=EngineIdentity(
        onnx_sha256="0" * 64,
        part="ground",
        precision="fp16",
        flavour="tensorrt-rtx",
        version="1",
        asked_capabilities=("8.6",),
        config=BranchConfig(),
        machine="Linux x86_64",
    ),
    contract=None,
    timings="/nowhere.timings",
)


def run(folder: Path, code: str) -> None:
    run_build(REQUEST, folder, (sys.executable, "-c", f"import os, sys\n{code}"))


def test_a_crash_of_the_compiler_is_an_error_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="killed by SIGABRT; its log ends: myelin gave up") as got:
        run(tmp_path, "os.write(2, b'myelin gave up\\n'); os.abort()")

    assert "myelin gave up" in got.value.log


def test_a_segmentation_fault_is_an_error_and_not_ours(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"killed by SIGSEGV; its log ends: nothing; report it"):
        run(tmp_path, "os.kill(os.getpid(), 11)")


def test_a_kill_for_memory_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"SIGKILL.*lower workspace_mib or the largest batch"):
        run(tmp_path, "os.kill(os.getpid(), 9)")


def test_a_process_that_leaves_without_an_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="exited with status 3"):
        run(tmp_path, "sys.exit(3)")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("artifact", ArtifactError),
        ("backend", BackendUnavailable),
        ("build", BuildFailed),
    ],
)
def test_each_kind_of_failure_reaches_the_caller_as_its_error(
    tmp_path: Path, kind: str, expected: type[Exception]
) -> None:
    answer = f'{{"failure": {{"kind": "{kind}", "message": "no luck"}}}}'

    with pytest.raises(expected, match=r"^no luck$"):
        run(tmp_path, f"open(sys.argv[1] + '/answer.json', 'w').write({answer!r})")


def test_an_answer_that_says_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="empty answer"):
        run(tmp_path, "open(sys.argv[1] + '/answer.json', 'w').write('{}')")
