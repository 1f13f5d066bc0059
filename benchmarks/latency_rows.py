"""From times of interleaved turns to rows of a table."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..runtime.preprocess import VIEWS, View
from .latency_worker import BackendName
from .machine import Machine, versions_of
from .messages import Times
from .percentiles import percentile
from .result import LatencyResult
from .rounds import median_ratio
from .subject import Subject

_PACKAGES = ("clnet", "numpy", "torch", "timm", "onnx", "onnxscript", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Method:
    """How a branch is executed."""

    backend: BackendName
    """By what."""

    precision: Literal["fp32", "bf16"]
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

    min_cosine: Mapping[str, float]
    """By view, of its embeddings to PyTorch's eager FP32; empty where they do not compare."""

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


def latency_rows(
    subject: Subject,
    timed: Mapping[Method, Timed],
    batch: int,
    threads: int,
    machine: Machine,
) -> tuple[LatencyResult, ...]:
    """
    Make a row for each view and method, the pair last.

    Args:
        subject: what ran.
        timed: the turns, the same number for each method.
        batch: B, images of each view in a run.
        threads: threads of one run.
        machine: where.

    """
    versions = versions_of(_PACKAGES)
    views: tuple[View | Literal["pair"], ...] = (*VIEWS, "pair")
    rows = []
    for view in views:
        of_round = {method: one.rounds_s(view) for method, one in timed.items()}
        ratios = {
            (precision, method): median_ratio(of_round[eager], seconds)
            for precision, eager in EAGER.items()
            if eager in timed
            for method, seconds in of_round.items()
        }
        rows += [
            LatencyResult(
                rounds=len(one.turns),
                stationary=one.stationary,
                others_cores=one.others_cores,
                threads=threads,
                tf32=False,
                versions=versions,
                machine=machine,
                network=subject.name,
                configuration=subject.configuration,
                artifacts=_artifacts(subject, method, view),
                view=view,
                backend=method.backend,
                precision=method.precision,
                batch=batch,
                scenario="SingleStream" if batch == 1 else "Offline",
                ratio_to_torch_eager_fp32=ratios.get(("fp32", method)),
                ratio_to_torch_eager_bf16=ratios.get(("bf16", method)),
                min_cosine_to_torch_eager_fp32=one.min_cosine.get(view),
                **_figures(one.samples_s(view), batch * (2 if view == "pair" else 1)),
            )
            for method, one in timed.items()
        ]
    return tuple(rows)


def _figures(samples_s: Sequence[float], images: int) -> dict[str, Any]:
    def milliseconds(percent: int) -> float | None:
        seconds = percentile(samples_s, percent)
        return None if seconds is None else 1e3 * seconds

    return {
        "samples": len(samples_s),
        "p50_ms": milliseconds(50),
        "p90_ms": milliseconds(90),
        "p95_ms": milliseconds(95),
        "p99_ms": milliseconds(99),
        "max_ms": 1e3 * max(samples_s),
        "images_per_s": images * len(samples_s) / sum(samples_s),
    }


def _artifacts(subject: Subject, method: Method, view: View | Literal["pair"]) -> dict[str, str]:
    if method.backend == "onnxruntime":
        roles = tuple(f"{one} graph" for one in VIEWS if view in (one, "pair"))
    else:
        roles = ("checkpoint",)
    return {role: subject.sha256[role] for role in roles}
