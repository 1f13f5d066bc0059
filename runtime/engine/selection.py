"""Choose the engine of a part: the best of those that fit, or every reason why none does."""

from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from ..bundle import Bundle, Part, Precision
from ..errors import ArtifactError, BackendUnavailable
from .compatibility import Wanted, reasons_against, wanted_of
from .flavour import import_flavour
from .machine import Machine, this_machine
from .sidecar import Sidecar, engine_path, read_verified, sidecar_path
from .validity import ask_rtx


@dataclass(frozen=True, slots=True)
class Candidate:
    """One engine file, judged."""

    path: Path
    """The engine."""

    record: Sidecar | None
    """Its sidecar; None if that cannot be read."""

    reasons: tuple[str, ...]
    """Why it does not fit; empty if it does."""

    suboptimal: bool = False
    """Whether TensorRT-RTX would rather have it built again here."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The engine to load."""

    path: Path
    """The engine's file."""

    record: Sidecar
    """Its sidecar, which fits this machine and the bundle."""


def judge_engines(
    bundle: Bundle, part: Part, precision: Precision | None = None, machine: Machine | None = None
) -> list[Candidate]:
    """
    Judge every engine of a part.

    Args:
        bundle: an opened bundle.
        part: the branch, or the matcher.
        precision: see `wanted_of`.
        machine: None looks at this one.

    Returns:
        One candidate a sidecar, in the order of their keys.

    """
    folder = bundle.engines(part)
    records = {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}
    if machine is None:
        sound = [record for record in records.values() if isinstance(record, Sidecar)]
        machine = this_machine({record.identity.flavour for record in sound})
    wanted = wanted_of(bundle, part, precision)
    return [_judge(folder, key, found, wanted, machine) for key, found in records.items()]


def choose_engine(
    bundle: Bundle, part: Part, precision: Precision | None = None, machine: Machine | None = None
) -> Chosen:
    """
    Choose the engine to load.

    Of several that fit: one that TensorRT-RTX does not call suboptimal; then `tensorrt`, whose
    kernels were timed on this GPU, before `tensorrt-rtx`; then the one that takes the largest
    batch; then the first by key, so that every run chooses alike.

    Args:
        bundle: an opened bundle.
        part: the branch, or the matcher.
        precision: see `wanted_of`.
        machine: None looks at this one.

    Raises:
        BackendUnavailable: there is no engine, or none fits; lists each with its reasons.

    """
    candidates = judge_engines(bundle, part, precision, machine)
    fitting = [
        (_rank(candidate, record), Chosen(candidate.path, record))
        for candidate in candidates
        if (record := candidate.record) is not None and not candidate.reasons
    ]
    if fitting:
        return min(fitting, key=itemgetter(0))[1]
    remedy = (
        f"build one on this machine: clnet-build {bundle.path}; "
        "without a GPU, take the backend onnxruntime"
    )
    if not candidates:
        raise BackendUnavailable(f"{bundle.path} holds no engine of the {part}; {remedy}")
    listed = "\n".join(f"  {one.path.stem}: {'; '.join(one.reasons)}" for one in candidates)
    raise BackendUnavailable(f"no engine of the {part} fits:\n{listed}\n{remedy}")


def _rank(candidate: Candidate, record: Sidecar) -> tuple[bool, bool, int, str]:
    shapes = (shape for profile in record.profiles for shape in profile.shapes.values())
    timed_here = record.identity.flavour == "tensorrt"
    return candidate.suboptimal, not timed_here, -max(shape.max[0] for shape in shapes), record.key


def _read(sidecar: Path) -> Sidecar | ArtifactError:
    try:
        return Sidecar.read(sidecar)
    except ArtifactError as error:
        return error


def _judge(
    folder: Path, key: str, found: Sidecar | ArtifactError, wanted: Wanted, machine: Machine
) -> Candidate:
    path = engine_path(folder, key)
    if isinstance(found, ArtifactError):
        return Candidate(path, None, (str(found).removeprefix(f"{sidecar_path(folder, key)}: "),))
    reasons = reasons_against(found, wanted, machine)
    suboptimal = False
    try:
        read_verified(folder, key)
        if found.identity.flavour == "tensorrt-rtx" and "tensorrt-rtx" in machine.versions:
            module = import_flavour("tensorrt-rtx")
            verdict = ask_rtx(module, path, has_gpu=machine.capability is not None)
            reasons += verdict.reasons
            suboptimal = verdict.suboptimal
    except ArtifactError as error:
        reasons.append(str(error))
    return Candidate(path, found, tuple(reasons), suboptimal)
