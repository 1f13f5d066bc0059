"""Two bundles, in turns: B's speed against A's, and its answers beside A's."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...runtime.backends import BackendName, RunPrecision, default_precision
from ...runtime.bundle import Bundle
from ...runtime.cores import usable_cores
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ..latency.embed_worker import RAN, EmbedJob
from ..latency.ran import Ran
from ..machine.machine import Machine, this_machine, versions_of
from ..measuring.process import Process
from ..records.comparison_result import ComparisonResult
from .interval import Samples, ratio_interval
from .names import Names
from .times import judged
from .turns import Turns, median_ms, take_turns
from .verdict import MARGIN

WORKER = "clnet.benchmarks.latency.embed_worker"

PACKAGES = (
    "clnet", "numpy", "onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "cuda-bindings",
    "pycuda",
)  # fmt: skip

STARTS = 3
"""How often both processes are started anew: where memory happens to lie lasts as long as a
process, and makes the same bundle a per cent or more faster or slower."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How both bundles run."""

    backend: BackendName = "onnxruntime"
    """What executes the branches."""

    precision: RunPrecision | None = None
    """None takes each bundle's `default_precision`."""

    batch: int = 8
    """B, images of each view in a run."""

    rounds: int = 20
    """In all; shared among `STARTS` starts of both processes."""

    margin: float = MARGIN
    """The least difference that counts, as a share."""

    def precision_of(self, bundle: Bundle) -> RunPrecision:
        """Tell what a bundle computes in."""
        return self.precision or default_precision(bundle, self.backend)


@dataclass(frozen=True, slots=True)
class TimedBundles:
    """What the turns gave."""

    rows: tuple[ComparisonResult, ...]
    """One a view, and `pair`, the total."""

    noise: dict[View, float]
    """Least cosine between both bundles' embeddings of a batch of noise; see `min_cosines`."""

    notes: tuple[str, ...]
    """What a reader must know."""


def time_bundles(
    names: Names, bundles: tuple[Bundle, Bundle], settings: Settings, progress: Progress = silent
) -> TimedBundles:
    """
    Time `Backend.embed` of both bundles, each in its own process, in turns A B, B A, and so on.

    Args:
        names: of A and B.
        bundles: A and B.
        settings: how they run.
        progress: told about each turn.

    Raises:
        MeasurementFailed: a bundle cannot run so; the reason is quoted.

    """
    from .cosines import min_cosines

    starts = max(1, min(STARTS, settings.rounds // 2))
    taken: list[Turns] = []
    label, total = "measure A and B", 2 * settings.rounds
    with tempfile.TemporaryDirectory() as name, progress(label, total, "turns") as advance:
        for start in range(starts):
            rounds = settings.rounds // starts + (start < settings.rounds % starts)
            folder = Path(name) / str(start)
            with ExitStack() as stack:
                processes = [
                    stack.enter_context(_process(side, bundle, settings, folder))
                    for side, bundle in zip("AB", bundles, strict=True)
                ]
                taken.append(take_turns((processes[0], processes[1]), rounds, advance))
        ran = [Ran.read(folder / side / RAN) for side in "AB"]
        noise = min_cosines(bundles, folder / "A", folder / "B")
    turns = taken[0].joined(taken[1:])
    rows = _rows(names, bundles, settings, turns, ran)
    return TimedBundles(rows, noise, turns.notes)


def _process(side: str, bundle: Bundle, settings: Settings, folder: Path) -> Process:
    job = EmbedJob(
        bundle=str(bundle.path.absolute()),
        backend=settings.backend,
        precision=settings.precision_of(bundle),
        batch=settings.batch,
    )
    environment = {"OMP_NUM_THREADS": str(usable_cores())}
    return Process(side, WORKER, job, folder / side, environment)


def _rows(
    names: Names,
    bundles: tuple[Bundle, Bundle],
    settings: Settings,
    turns: Turns,
    ran: list[Ran],
) -> tuple[ComparisonResult, ...]:
    machine, versions = this_machine(), versions_of(PACKAGES)
    precision = " -> ".join(dict.fromkeys(settings.precision_of(one) for one in bundles))
    views: tuple[View | Literal["pair"], ...] = (*VIEWS, "pair")
    return tuple(
        _row(
            names,
            f"embed {view} {settings.backend} {precision} batch {settings.batch}",
            turns.blocks_s(view),
            (machine, versions, _artifacts(ran, view)),
            settings.margin,
        )
        for view in views
    )


def _row(
    names: Names,
    what: str,
    blocks: tuple[Samples, Samples],
    ran: tuple[Machine, dict[str, str], dict[str, str]],
    margin: float,
) -> ComparisonResult:
    a, b = blocks
    machine, versions, artifacts = ran
    return ComparisonResult(
        versions=versions,
        machine=machine,
        artifacts=artifacts,
        a=names.a,
        b=names.b,
        what=what,
        interleaved=True,
        a_ms=median_ms(a),
        b_ms=median_ms(b),
        **judged(ratio_interval(a, b), margin),
    )


def _artifacts(ran: list[Ran], view: View | Literal["pair"]) -> dict[str, str]:
    views = VIEWS if view == "pair" else (view,)
    return {
        f"{side} {role}": sha
        for side, one in zip("AB", ran, strict=True)
        for each in views
        for role, sha in one.artifacts[each].items()
    }
