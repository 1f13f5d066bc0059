"""The one way to an engine, whichever the flavour."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..runtime.artifact import sha256_of
from ..runtime.bundle import FileRecord, Part, Precision
from ..runtime.engine.config import BranchConfig, BuildConfig
from ..runtime.engine.contract import Contract
from ..runtime.engine.flavour import Flavour
from ..runtime.engine.identity import EngineIdentity
from ..runtime.engine.machine import system_name
from ..runtime.engine.sidecar import Built, Sidecar, engine_path, read_verified, sidecar_path
from ..runtime.errors import ArtifactError, BuildFailed
from .adapter import load_adapter
from .job import PLAN, RECORD, TIMINGS, Request
from .process import run_build
from .target import choose_capabilities
from .timings import timings_path

DEFAULT_CONFIG = BranchConfig()

MAX_ONNX_BYTES = 2**31 - 1
"""Protocol buffers, and so ONNX files, end here."""


def build_engine(
    onnx: Path,
    out_dir: Path,
    *,
    part: Part,
    precision: Precision,
    flavour: Flavour,
    capabilities: tuple[str, ...] | None = None,
    config: BuildConfig = DEFAULT_CONFIG,
    contract: Contract | None = None,
    force: bool = False,
) -> Sidecar:
    """
    Build one engine, or find that it is there already.

    Writes `out_dir/<key>.engine` and `out_dir/<key>.json`, aside and renamed.

    Args:
        onnx: the graph of a branch or of the matcher, with its weights inside.
        out_dir: where engines come and go; made if missing.
        part: what of a bundle the graph is.
        precision: what the graph must turn out to compute in.
        flavour: which TensorRT.
        capabilities: GPUs such as ("8.6", "8.9"), each of which the graph must admit. None takes
            every one it admits; the record lists the others with reasons. "tensorrt" builds for
            the GPU it runs on.
        config: classes of batches, scratch memory, TF32; a `MatcherConfig` for the matcher.
        contract: tensors to hold the graph to, or None.
        force: build even if an intact engine of the same key is there.

    Returns:
        The engine's record.

    Raises:
        ArtifactError: the graph cannot be read or parsed, holds other shapes or another precision
            than promised, or `out_dir` cannot be written.
        BackendUnavailable: the flavour is not installed, or it has no GPU to build on.
        ConfigError: a capability that the flavour does not know.
        BuildFailed: the compiler refuses the graph or a capability named here, or dies.

    """
    identity = _identity(onnx, part, precision, flavour, capabilities, config)
    key = identity.key()
    if not force and (found := _intact(out_dir, key)) is not None:
        return found
    timings = timings_path(out_dir.resolve(), identity)
    request = Request(
        onnx=str(onnx.resolve()), identity=identity, contract=contract, timings=str(timings)
    )
    with _workshop(out_dir) as folder:
        try:
            built = run_build(request, folder)
        except (ArtifactError, BuildFailed) as error:
            raise _named(error, onnx) from error
        if capabilities is not None:
            _require_all(onnx, built)
        if (folder / TIMINGS).is_file():
            (folder / TIMINGS).replace(timings)
        return _install(folder, out_dir, key, identity, built)


def _identity(
    onnx: Path,
    part: Part,
    precision: Precision,
    flavour: Flavour,
    capabilities: tuple[str, ...] | None,
    config: BuildConfig,
) -> EngineIdentity:
    if onnx.is_file() and onnx.stat().st_size > MAX_ONNX_BYTES:
        raise ArtifactError(f"{onnx}: expected at most 2 GiB of ONNX, got {onnx.stat().st_size}")
    onnx_sha256 = sha256_of(onnx)
    adapter = load_adapter(flavour)
    return EngineIdentity(
        onnx_sha256=onnx_sha256,
        part=part,
        precision=precision,
        flavour=flavour,
        version=adapter.version,
        asked_capabilities=choose_capabilities(capabilities, adapter.capabilities()),
        config=config,
        machine=system_name(),
    )


def _require_all(onnx: Path, built: Built) -> None:
    if built.left_out:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in built.left_out.items())
        raise BuildFailed(
            f"{onnx}: a GPU that was asked for is refused: {reasons}; "
            "ask for fewer, or for other parts of the bundle"
        )


def _intact(folder: Path, key: str) -> Sidecar | None:
    try:
        return read_verified(folder, key)
    except ArtifactError:
        return None  # missing or damaged: building replaces it


@contextmanager
def _workshop(out_dir: Path) -> Iterator[Path]:
    # Beside the engines: a full disk shows here, and the rename stays on one file system.
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".build.", dir=out_dir.resolve()))
    except OSError as error:
        raise ArtifactError(f"cannot write engines to {out_dir}: {error}") from error
    try:
        yield folder
    except OSError as error:
        raise ArtifactError(f"cannot write engines to {out_dir}: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(error: ArtifactError | BuildFailed, onnx: Path) -> ArtifactError | BuildFailed:
    text = str(error)
    message = text if str(onnx.resolve()) in text else f"{onnx}: {text}"
    if isinstance(error, BuildFailed):
        return BuildFailed(message, error.log)
    return ArtifactError(message)


def _install(
    folder: Path, out_dir: Path, key: str, identity: EngineIdentity, built: Built
) -> Sidecar:
    plan = folder / PLAN
    record = Sidecar(
        key=key,
        identity=identity,
        engine=FileRecord(sha256=sha256_of(plan), size_bytes=plan.stat().st_size),
        **dict(built),
    )
    record.write(folder / RECORD)  # renaming needs no space: an old engine survives a full disk
    # Never an old record beside a new engine: for a moment there is no record at all.
    sidecar_path(out_dir, key).unlink(missing_ok=True)
    plan.replace(engine_path(out_dir, key))
    (folder / RECORD).replace(sidecar_path(out_dir, key))
    return record
