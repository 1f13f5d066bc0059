"""From times of starts and turns to rows."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...runtime.preprocess import VIEWS, View
from ..latency.ran import Ran
from ..latency.rows import Method, Timed
from ..machine.machine import Machine
from ..measuring.percentiles import figures
from ..measuring.rounds import is_stationary
from ..records.stage_result import Stage, StageResult
from .images_worker import part_of
from .road import places_found
from .road_worker import Started
from .surroundings import FILE_SIZES

_IMAGE_STAGES: tuple[Stage, ...] = ("decode", "preprocess")
_ROAD_STEPS: tuple[Stage, ...] = ("decode", "preprocess", "embed", "match")
_WITH_FILE: tuple[Stage, ...] = ("decode", "preprocess", "road")
_WITH_GALLERY: tuple[Stage, ...] = ("match", "road")


@dataclass(frozen=True, slots=True)
class Run:
    """What all rows of a run share; see `StageResult`."""

    network: str
    """Name of the bundle."""

    configuration: dict[str, Any]
    """The network's configuration."""

    threads: int
    """A method could use."""

    versions: dict[str, str]
    """Packages."""

    machine: Machine
    """Where."""

    places: int
    """N of the gallery."""

    def row(
        self, stage: Stage, view: View | None, samples_s: Sequence[float], more: dict[str, Any]
    ) -> StageResult:
        """Make a row of a stage's samples; `more` holds the fields that `Run` cannot know."""
        return StageResult(
            network=self.network,
            configuration=self.configuration,
            threads=self.threads,
            versions=self.versions,
            machine=self.machine,
            stage=stage,
            view=view,
            batch=1,
            **figures(samples_s),
            **self._beside(stage, view),
            **more,
        )

    def _beside(self, stage: Stage, view: View | None) -> dict[str, Any]:
        """Tell what a stage needs beside the network: files, a gallery."""
        found: dict[str, Any] = {}
        if view is not None and stage in _WITH_FILE:
            found |= dict(zip(("file_width", "file_height"), FILE_SIZES[view], strict=True))
        if stage in _WITH_GALLERY:
            found |= {"gallery": self.places, "k": places_found(self.places)}
        return found


def image_rows(run: Run, timed: Timed) -> list[StageResult]:
    """Make the rows of `images_worker`."""
    return [
        run.row(
            stage,
            view,
            [second for turn in timed.turns for second in turn[part_of(view, stage)]],
            {"backend": None, "precision": None, "tf32": False} | _of_turns(timed),
        )
        for view in VIEWS
        for stage in _IMAGE_STAGES
    ]


def start_rows(run: Run, method: Method, starts: Sequence[Started]) -> list[StageResult]:
    """Make the rows `start_up` and, for each view, `first_call`."""
    times: list[tuple[Stage, View | None, list[float]]] = [
        ("start_up", None, [start.start_up_s for start in starts])
    ]
    times += [
        ("first_call", view, [start.first_call_s[view] for start in starts]) for view in VIEWS
    ]
    return [
        run.row(
            stage,
            view,
            samples_s,
            {
                "rounds": len(starts),
                "stationary": is_stationary(samples_s),
                "others_cores": _mean(start.others_cores for start in starts),
            }
            | _of_method(method, starts[0].ran, VIEWS if view is None else (view,)),
        )
        for stage, view, samples_s in times
    ]


def road_rows(run: Run, method: Method, timed: Timed, started: Started) -> list[StageResult]:
    """Make the rows of the road's steps, and `road` itself: of each run, their sum."""
    steps: dict[Stage, list[float]] = {
        stage: [second for turn in timed.turns for second in turn[stage]] for stage in _ROAD_STEPS
    }
    steps["road"] = [sum(of_run) for of_run in zip(*steps.values(), strict=True)]
    more = _of_turns(timed) | _of_method(method, started.ran, ("ground",))
    branch = started.ran.artifacts["ground"]
    files = {"embed": branch, "match": started.matcher, "road": branch | started.matcher}
    return [
        run.row(stage, "ground", samples_s, more | {"artifacts": files.get(stage, {})})
        for stage, samples_s in steps.items()
    ]


def _of_turns(timed: Timed) -> dict[str, Any]:
    return {
        "rounds": len(timed.turns),
        "stationary": timed.stationary,
        "others_cores": timed.others_cores,
        "conditions": timed.conditions,
    }


def _of_method(method: Method, ran: Ran, views: Sequence[View]) -> dict[str, Any]:
    engines = [ran.engines[view] for view in views if view in ran.engines]
    return {
        "backend": method.backend,
        "precision": method.precision,
        "artifacts": {role: sha for view in views for role, sha in ran.artifacts[view].items()},
        "tf32": any(engine.tf32 for engine in engines),
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None
