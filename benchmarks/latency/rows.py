"""From times of interleaved turns to rows of a table."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...runtime.backends import RunPrecision
from ...runtime.preprocess import VIEWS, View
from ..machine.conditions import Conditions
from ..machine.machine import Machine
from ..measuring.messages import Times
from ..measuring.percentiles import figures
from ..measuring.rounds import median_ratio
from ..records.latency_result import Clock, LatencyResult, Span, Transfers
from .ran import Ran

NO_COSINES: Mapping["Method", Mapping[str, float]] = {}
"""Where embeddings have nothing to be compared with."""


@dataclass(frozen=True, slots=True)
class Method:
    """How a branch is executed."""

    backend: str
    """By what."""

    precision: RunPrecision
    """In what arithmetic."""

    @property
    def name(self) -> str:
        """Both in one phrase."""
        return f"{self.backend} {self.precision}"


EAGER = {precision: Method("torch_eager", precision) for precision in ("fp32", "bf16")}
"""What ratios are taken to."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One method's turns."""

    turns: Sequence[Times]
    """One a round: seconds of each run, by view."""

    stationary: bool
    """Whether its times settled before the rounds."""

    others_cores: float | None
    """Cores that others used during its turns; None where nobody knows."""

    transfers: Transfers = "none"
    """Whether copies to and from a device are in the times."""

    clock: Clock = "host"
    """What told them."""

    peak_host_mib: float | None = None
    """The most memory that the process held; None where the system does not tell."""

    peak_device_mib: float | None = None
    """The most that it held on the GPU; None without one."""

    conditions: Conditions | None = None
    """The worst of the turns; None where nobody looked."""

    energy_mj: Mapping[View, float] = field(default_factory=dict)
    """Millijoules an embedding, by view; empty where no counter was readable."""

    energy_source: str | None = None
    """What counted."""

    def energy_of(self, view: View | Literal["pair"]) -> float | None:
        """Tell the millijoules an embedding; of a pair, the mean of its two."""
        views = VIEWS if view == "pair" else (view,)
        if not all(one in self.energy_mj for one in views):
            return None
        return statistics.fmean(self.energy_mj[one] for one in views)

    def samples_s(self, view: View | Literal["pair"]) -> list[float]:
        """List the seconds of every run; of a pair, a ground run with the satellite run after."""
        if view != "pair":
            return [second for turn in self.turns for second in turn[view]]
        runs = [zip(*(turn[one] for one in VIEWS), strict=True) for turn in self.turns]
        return [sum(run) for turn in runs for run in turn]

    def rounds_s(self, view: View | Literal["pair"]) -> list[float]:
        """List the median of each round; a pair's is the sum of its views' medians."""
        views = VIEWS if view == "pair" else (view,)
        return [sum(statistics.median(turn[one]) for one in views) for turn in self.turns]


@dataclass(frozen=True, slots=True)
class Run:
    """What all rows of a run share; see `LatencyResult`."""

    network: str
    """Name of the configuration or bundle."""

    configuration: dict[str, Any]
    """The network's configuration."""

    span: Span
    """What a timed run covers."""

    batch: int
    """B, images of each view in a run."""

    threads: int
    """Threads of one run."""

    versions: dict[str, str]
    """Packages."""

    machine: Machine
    """Where."""


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """What was measured, and what was not."""

    rows: tuple[LatencyResult, ...]
    """One a method and view, `pair` last."""

    notes: tuple[str, ...]
    """What a reader must know, a sentence each."""

    advice: tuple[str, ...] = ()
    """What to take, a line for each goal; where backends were measured to choose from."""


def latency_rows(
    run: Run,
    timed: Mapping[Method, Timed],
    ran: Mapping[Method, Ran],
    cosines: Mapping[Method, Mapping[str, float]] = NO_COSINES,
) -> tuple[LatencyResult, ...]:
    """
    Make a row for each view and method, the pair last.

    Args:
        run: what they share.
        timed: the turns, the same number for each method.
        ran: what each method ran.
        cosines: by view, the least of a method's embeddings to PyTorch's eager FP32.

    """
    views: tuple[View | Literal["pair"], ...] = (*VIEWS, "pair")
    rows = []
    for view in views:
        of_round = {method: one.rounds_s(view) for method, one in timed.items()}
        for method, one in timed.items():
            ratios = {
                f"ratio_to_torch_eager_{precision}": median_ratio(of_round[eager], of_round[method])
                for precision, eager in EAGER.items()
                if eager in timed
            }
            cosine = cosines.get(method, {}).get(view)
            compared = {**_NO_RATIOS, **ratios, "min_cosine_to_torch_eager_fp32": cosine}
            rows.append(_row(run, method, one, view, {**compared, **_files(ran[method], view)}))
    return tuple(rows)


_NO_RATIOS = dict.fromkeys(f"ratio_to_torch_eager_{precision}" for precision in EAGER)


def _row(
    run: Run, method: Method, one: Timed, view: View | Literal["pair"], more: Mapping[str, Any]
) -> LatencyResult:
    samples_s = one.samples_s(view)
    return LatencyResult(
        rounds=len(one.turns),
        stationary=one.stationary,
        others_cores=one.others_cores,
        threads=run.threads,
        versions=run.versions,
        machine=run.machine,
        network=run.network,
        configuration=run.configuration,
        span=run.span,
        transfers=one.transfers,
        clock=one.clock,
        view=view,
        backend=method.backend,
        precision=method.precision,
        batch=run.batch,
        scenario="SingleStream" if run.batch == 1 else "Offline",
        images_per_s=_images_per_s(samples_s, run.batch, view),
        peak_host_mib=one.peak_host_mib,
        peak_device_mib=one.peak_device_mib,
        conditions=one.conditions,
        energy_mj=one.energy_of(view),
        energy_source=one.energy_source,
        **figures(samples_s),
        **more,
    )


def _images_per_s(samples_s: Sequence[float], batch: int, view: View | Literal["pair"]) -> float:
    images = batch * (len(VIEWS) if view == "pair" else 1)
    return images * len(samples_s) / sum(samples_s)


def _files(ran: Ran, view: View | Literal["pair"]) -> dict[str, Any]:
    views = VIEWS if view == "pair" else (view,)
    engines = {one: ran.engines[one] for one in views if one in ran.engines}
    return {
        "artifacts": {role: sha for one in views for role, sha in ran.artifacts[one].items()},
        "engines": engines,
        "tf32": any(engine.tf32 for engine in engines.values()),
    }
