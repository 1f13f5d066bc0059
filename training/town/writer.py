"""Writing a town: worlds in parallel processes, files in CVUSA's layout, all or nothing."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict

from ...runtime.atomic import directory_written_aside
from ...runtime.progress import Progress, silent
from . import cvusa_layout as layout
from .config import Split, TownConfig
from .contact_sheet import contact_sheet
from .survey import Assignment, survey_world

SHEET_PAIRS = 8


class TownRecord(BaseModel):
    """What `town.json` says: enough to write the same bytes again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    config: TownConfig
    """The town's configuration."""

    versions: dict[str, str]
    """Versions of what drew it: other ones may round differently."""


class TownReport(BaseModel):
    """What writing a town took."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: int
    """Training pairs written."""

    test_places: int
    """Test pairs written."""

    worlds: int
    """Worlds built, of both splits."""

    world_cpu_s: float
    """Processor time spent on building worlds, in seconds, over all processes."""

    pair_cpu_s: float
    """Processor time spent on rendering and writing pairs, in seconds, over all processes."""

    @property
    def pairs_per_cpu_s(self) -> float:
        """Pairs rendered and written per second of one processor."""
        return (self.places + self.test_places) / max(self.pair_cpu_s, 1e-9)

    @property
    def cpu_s_per_world(self) -> float:
        """Processor time to build one world, in seconds."""
        return self.world_cpu_s / max(self.worlds, 1)


class _WorldDone(BaseModel):
    """What one world's process hands back."""

    first_id: int
    coordinates: list[str]
    world_cpu_s: float
    pair_cpu_s: float


def write_town(
    config: TownConfig, out: Path, *, workers: int | None = None, progress: Progress = silent
) -> TownReport:
    """
    Write a town's pairs, lists, record and contact sheet.

    Args:
        config: the town. Equal configurations give equal bytes, whatever the `workers`.
        out: folder to create; it appears whole or not at all.
        workers: processes, started by spawn; None takes one per available processor. With 1,
            everything happens in this process.
        progress: told of every world's pairs.

    Returns:
        What was written, and the processor time it took.

    Raises:
        ArtifactError: `out` holds something already, or cannot be written.
        DataError: a world cannot hold as many places as asked for.

    """
    assignments = assign_worlds(config)
    total = config.places + config.test_places
    with directory_written_aside(out) as aside:
        layout.make_folders(aside)
        done: list[_WorldDone] = []
        with progress("town", total, "pairs") as advance:
            for result in _write_worlds(config, assignments, aside, workers):
                done.append(result)
                advance(len(result.coordinates))
        done.sort(key=lambda result: result.first_id)
        _write_lists(config, aside, [row for result in done for row in result.coordinates])
    return TownReport(
        places=config.places,
        test_places=config.test_places,
        worlds=len(assignments),
        world_cpu_s=sum(result.world_cpu_s for result in done),
        pair_cpu_s=sum(result.pair_cpu_s for result in done),
    )


def assign_worlds(config: TownConfig) -> list[Assignment]:
    """Share the places out: ids count up through the training worlds, then the test worlds."""
    shares: list[tuple[Split, int, int]] = [
        ("train", config.places, config.places_per_world),
        ("val", config.test_places, config.test_places_per_world),
    ]
    assignments = []
    first_id = 1
    for split, places, quota in shares:
        for number, start in enumerate(range(0, places, quota)):
            count = min(quota, places - start)
            assignments.append(Assignment(split, number, first_id, count))
            first_id += count
    return assignments


def _write_worlds(
    config: TownConfig, assignments: list[Assignment], root: Path, workers: int | None
) -> Iterator[_WorldDone]:
    count = min(workers or len(os.sched_getaffinity(0)), len(assignments))
    write = partial(_write_world, config, root)
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


def _write_world(config: TownConfig, root: Path, assignment: Assignment) -> _WorldDone:
    survey = survey_world(config, assignment)
    start = time.process_time()
    rows = []
    for pair in survey.pairs():
        layout.write_pair(root, pair, config.jpeg_quality)
        rows.append(layout.coordinate_row(pair))
    return _WorldDone(
        first_id=assignment.first_id,
        coordinates=rows,
        world_cpu_s=survey.world_cpu_s,
        pair_cpu_s=time.process_time() - start,
    )


def _write_lists(config: TownConfig, root: Path, coordinates: list[str]) -> None:
    (root / layout.COORDINATES_FILE).write_text("".join(coordinates))
    total = config.places + config.test_places
    ids = {"train": range(1, config.places + 1), "val": range(config.places + 1, total + 1)}
    for split, name in layout.SPLIT_FILES.items():
        (root / name).write_text("".join(layout.split_row(id_) for id_ in ids[split]))
    packages = {"numpy": np.__version__, "opencv": cv2.__version__, "clnet": version("clnet")}
    record = TownRecord(config=config, versions=packages)
    (root / "town.json").write_text(record.model_dump_json(indent=2) + "\n")
    shown = np.unique(np.linspace(1, total, min(SHEET_PAIRS, total)).astype(int))
    pairs = [
        (_read(root / layout.satellite_name(id_)), _read(root / layout.ground_name(id_)))
        for id_ in shown
    ]
    layout.write_picture(root / "contact_sheet.png", contact_sheet(pairs, config.vertical_view_deg))


def _read(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = cv2.imread(str(path))
    if picture is None:
        raise OSError(f"cannot read back {path}")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
