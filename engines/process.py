"""Runs the build process and turns whatever becomes of it into an answer or an error."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ..runtime.engine.sidecar import Built
from ..runtime.errors import ArtifactError, BackendUnavailable, BuildFailed
from .job import ANSWER, LOG, REQUEST, Answer, Request

WORKER = (sys.executable, "-m", "clnet.engines.worker")

_TAIL_LINES = 3


def run_build(request: Request, folder: Path, command: Sequence[str] | None = None) -> Built:
    """
    Build one engine in a process of its own.

    It may take as long as it takes: a small Jetson times kernels for half an hour, and no limit
    tells that from a compiler that hangs. An interrupt ends it together with its caller.

    Args:
        request: what to build.
        folder: an empty folder of this build alone; the engine is left there.
        command: the build process; FOLDER is appended. None runs our worker.

    Raises:
        ArtifactError: the graph is at fault.
        BackendUnavailable: the flavour is not here.
        BuildFailed: the compiler refused, crashed or was killed; the end of its log is quoted.

    """
    request.write(folder / REQUEST)
    with (folder / LOG).open("wb") as log:
        process = subprocess.run(
            [*(command or WORKER), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=child_environment(),
            check=False,
        )
    text = (folder / LOG).read_text(errors="replace")
    if process.returncode != 0 or not (folder / ANSWER).is_file():
        raise BuildFailed(_died(process.returncode, text), text)
    answer = Answer.read(folder / ANSWER)
    if answer.built is not None:
        return answer.built
    raise _error(answer, text)


def child_environment() -> dict[str, str]:
    """Let a child import what its parent imports, wherever the parent found it."""
    places = [str(Path(place).resolve()) for place in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


def signal_name(number: int) -> str:
    """Name a signal, also one that Python does not know."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _error(answer: Answer, log: str) -> Exception:
    failure = answer.failure
    if failure is None:
        return BuildFailed("the build process gave an empty answer", log)
    if failure.kind == "artifact":
        return ArtifactError(failure.message)
    if failure.kind == "backend":
        return BackendUnavailable(failure.message)
    return BuildFailed(failure.message, log)


def _died(status: int, log: str) -> str:
    how = f"exited with status {status}"
    remedy = "report it with the graph and the TensorRT version"
    if status < 0:
        name = signal_name(-status)
        how = f"was killed by {name}"
        if name == "SIGKILL":
            remedy = "most likely no memory was left: lower workspace_mib or the largest batch"
    tail = " | ".join(log.strip().splitlines()[-_TAIL_LINES:]) or "nothing"
    return f"the build process {how}; its log ends: {tail}; {remedy}"
