"""Writing a town: worlds in parallel processes, files in a benchmark's layout, all or nothing."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict

from ...runtime.atomic import directory_written_aside
from ...runtime.datasets import Layout
from ...runtime.progress import Progress, silent
from .assignment import Assignment
from .config import TownConfig
from .layouts.by_name import town_layout
from .layouts.layout import TownLayout
from .layouts.picture_files import write_picture
from .survey import survey_world


class TownRecord(BaseModel):
    """What `town.json` says: enough to write the same bytes again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout = "cvusa"
    """Whose layout it has."""

    config: TownConfig
    """The town's configuration."""

    versions: dict[str, str]
    """Versions of what drew it: other ones may round differently."""


class TownReport(BaseModel):
    """What writing a town took."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: str
    """What was written, in the layout's words."""

    places: int
    """Places photographed, of all splits."""

    worlds: int
    """Worlds built, of all splits."""

    world_cpu_s: float
    """Processor time spent on building worlds, in seconds, over all processes."""

    picture_cpu_s: float
    """Processor time spent on rendering and writing pictures, in seconds, over all processes."""

    @property
    def places_per_cpu_s(self) -> float:
        """Places rendered and written per second of one processor."""
        return self.places / max(self.picture_cpu_s, 1e-9)

    @property
    def cpu_s_per_world(self) -> float:
        """Processor time to build one world, in seconds."""
        return self.world_cpu_s / max(self.worlds, 1)


class _WorldDone(NamedTuple):
    """What one world's process hands back."""

    assignment: Assignment
    row: Any
    world_cpu_s: float
    picture_cpu_s: float


def write_town(
    config: TownConfig,
    out: Path,
    *,
    layout: Layout = "cvusa",
    workers: int | None = None,
    progress: Progress = silent,
) -> TownReport:
    """
    Write a town's pictures, lists, record and contact sheet.

    Args:
        config: the town. Equal configurations give equal bytes, whatever the `workers`.
        out: folder to create; it appears whole or not at all.
        layout: the benchmark whose files it shall look like.
        workers: processes, started by spawn; None takes one per available processor. With 1,
            everything happens in this process.
        progress: told of every world's places.

    Returns:
        What was written, and the processor time it took.

    Raises:
        ArtifactError: `out` holds something already, or cannot be written.
        ConfigError: what the layout needs is not installed.
        DataError: a world cannot hold as many places as asked for.

    """
    chosen = town_layout(layout)
    assignments = chosen.assign(config)
    total = sum(assignment.count for assignment in assignments)
    with directory_written_aside(out) as aside:
        chosen.make_folders(aside)
        done: list[_WorldDone] = []
        with progress("town", total, "places") as advance:
            for world in _write_worlds(chosen, config, assignments, aside, workers):
                done.append(world)
                advance(world.assignment.count)
        done.sort(key=lambda world: world.assignment.first_id)
        rows = [world.row for world in done]
        chosen.write_lists(aside, config, rows)
        _write_record(layout, config, aside)
        write_picture(aside / "contact_sheet.png", chosen.sheet(aside, config, rows))
    return TownReport(
        summary=chosen.summary(config, rows),
        places=total,
        worlds=len(assignments),
        world_cpu_s=sum(world.world_cpu_s for world in done),
        picture_cpu_s=sum(world.picture_cpu_s for world in done),
    )


def _write_worlds(
    layout: TownLayout[Any],
    config: TownConfig,
    assignments: list[Assignment],
    root: Path,
    workers: int | None,
) -> Iterator[_WorldDone]:
    count = min(workers or len(os.sched_getaffinity(0)), len(assignments))
    write = partial(_write_world, layout, config, root)
    if count <= 1:
        yield from map(write, assignments)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        futures = [pool.submit(write, assignment) for assignment in assignments]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _write_world(
    layout: TownLayout[Any], config: TownConfig, root: Path, assignment: Assignment
) -> _WorldDone:
    survey = survey_world(config, assignment)
    start = time.process_time()
    row = layout.write_world(root, survey)
    return _WorldDone(assignment, row, survey.world_cpu_s, time.process_time() - start)


def _write_record(layout: Layout, config: TownConfig, root: Path) -> None:
    packages = {"numpy": np.__version__, "opencv": cv2.__version__, "clnet": version("clnet")}
    record = TownRecord(layout=layout, config=config, versions=packages)
    (root / "town.json").write_text(record.model_dump_json(indent=2) + "\n")
