"""
The build process: `python -m clnet.engines.worker FOLDER`.

A process of its own, so that the compiler's memory returns and its crash kills no one else.
"""

import hashlib
import sys
import time
from pathlib import Path

from ..runtime.engine.sidecar import Built
from ..runtime.errors import ArtifactError, BackendUnavailable, BuildFailed
from .adapter import load_adapter
from .certify import certify
from .compiler import Compilation
from .job import ANSWER, PLAN, REQUEST, TIMINGS, Answer, Failure, Request
from .log import Log
from .parse import parse
from .timings import Timings


def main(folder: Path) -> int:
    """Read FOLDER/request.json, write FOLDER/answer.json and what `build` leaves."""
    try:
        answer = Answer(built=build(Request.read(folder / REQUEST), folder))
    except ArtifactError as error:
        answer = Answer(failure=Failure(kind="artifact", message=str(error)))
    except BackendUnavailable as error:
        answer = Answer(failure=Failure(kind="backend", message=str(error)))
    except BuildFailed as error:
        answer = Answer(failure=Failure(kind="build", message=str(error)))
    except Exception as error:  # the process's edge: the caller gets every reason as data
        message = f"{type(error).__name__}: {error}"
        answer = Answer(failure=Failure(kind="build", message=message))
    answer.write(folder / ANSWER)
    return 0


def build(request: Request, folder: Path) -> Built:
    """
    Build one engine in this process; write it to FOLDER/plan.engine, timings to FOLDER/timings.

    Raises:
        ArtifactError: the graph changed, cannot be parsed, breaks its contract, or is not of
            the precision asked for.
        BackendUnavailable: the flavour is not here.
        BuildFailed: the compiler refuses.

    """
    start = time.perf_counter()
    identity = request.identity
    adapter = load_adapter(identity.flavour)
    log = Log(adapter.module, sys.stderr)
    builder = adapter.module.Builder(log.logger)
    parsed = parse(adapter.module, builder, log, _read(request))
    if request.contract is not None:
        request.contract.check(parsed.inputs, parsed.outputs)
    certificate = certify(parsed.network)
    certificate.check(identity.precision)
    timings = None
    if adapter.times_kernels:
        timings = Timings(Path(request.timings), folder / TIMINGS, log)
    compilation = Compilation(adapter, builder, parsed, log, identity.config, timings)
    compiled = compilation.run(identity.asked_capabilities)
    _save(compiled.plan, folder / PLAN)
    if timings is not None:
        timings.keep()
    return Built(
        capabilities=compiled.capabilities,
        left_out=compiled.left_out,
        profiles=compiled.profiles,
        inputs=parsed.inputs,
        outputs=parsed.outputs,
        tf32=compiled.tf32,
        certificate=certificate,
        build_s=round(time.perf_counter() - start, 3),
        peak_memory_mib=peak_memory_mib(),
    )


def _read(request: Request) -> bytes:
    path = Path(request.onnx)
    try:
        onnx = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
    if hashlib.sha256(onnx).hexdigest() != request.identity.onnx_sha256:
        raise ArtifactError(f"{path} changed while its engine was being built; build it again")
    return onnx


def _save(content: memoryview, plan: Path) -> None:
    try:
        plan.write_bytes(content)
    except OSError as error:
        plan.unlink(missing_ok=True)  # a full disk must still hold the answer
        raise ArtifactError(
            f"cannot write an engine of {content.nbytes / 2**20:.1f} MiB: {error.strerror}"
        ) from error


def peak_memory_mib() -> float | None:
    """Read this process's peak resident memory, in MiB; None where /proc does not tell."""
    # getrusage would count the parent's pages that this process held between fork and exec.
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
