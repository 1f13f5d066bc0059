"""What of a data set is there, what is missing, and which split is incomplete."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from ..artifact import Artifact
from ..errors import DataError
from ..preprocess import VIEWS, View
from ..progress import Progress, silent
from .cvact import Cvact
from .dataset import Area, Dataset, Labels, Layout
from .faults import Faults
from .folders import Folders
from .layouts import SPLITS, open_dataset
from .place import Place, Split
from .sound import decoding_faults
from .task import Task


class TaskCheck(Artifact):
    """What a network is asked, of the pictures that can be asked for."""

    name: str
    """Such as `CVUSA val`."""

    queries: int
    """Pictures asked about."""

    gallery: int
    """Pictures asked among."""

    query_view: View
    """Of the queries; the gallery is of the other."""

    protocols: tuple[str, ...]
    """The ways of counting; the first is the benchmark's own."""


class SplitCheck(Artifact):
    """One split."""

    split: Split
    """Its name."""

    pairs: int = 0
    """That are listed and whose rows can be read."""

    images: dict[View, int] = Field(default_factory=dict)
    """Distinct images that are named, by view: galleries' distractors count, too."""

    absent: dict[View, int] = Field(default_factory=dict)
    """Of them, those that do not exist."""

    first_absent: str = ""
    """One of them, and the row that names it."""

    undecodable: int | None = None
    """Of those that exist, those that cannot be decoded; None if nobody tried."""

    tiles: int = 0
    """Distinct satellite tiles (buildings, in University-1652) of the pairs."""

    located: int = 0
    """Pairs with the camera's coordinates."""

    tasks: tuple[TaskCheck, ...] = ()
    """Empty where a gallery is missing, or every pair of the split lacks an image (CVACT)."""

    broken: tuple[str, ...] = ()
    """Every row or image that cannot be used, but for the absent ones."""

    problem: str = ""
    """Why there is nothing of this split: what was looked for."""

    @property
    def is_complete(self) -> bool:
        """Whether all that is listed can be used, as far as was looked."""
        return not self.problem and not self.broken and not any(self.absent.values())


class DatasetCheck(Artifact):
    """All splits of a data set."""

    folder: str
    """Where it lies."""

    layout: Layout
    """What it was read as."""

    splits: tuple[SplitCheck, ...]
    """In the benchmark's order."""

    @property
    def is_complete(self) -> bool:
        """Whether every split is."""
        return all(split.is_complete for split in self.splits)


def check_dataset(
    root: Path,
    layout: Layout,
    *,
    area: Area = "same",
    labels: Labels = "original",
    decode: bool = False,
    progress: Progress = silent,
) -> DatasetCheck:
    """
    Read every list of a data set and look for every image that it names.

    Args:
        root: its folder.
        layout: what to read it as.
        area: VIGOR's division.
        labels: VIGOR's label files.
        decode: read every image to its end, too.
        progress: told of images decoded.

    Raises:
        DataError: there is nothing of any split: the folder is of another layout.
        ExtraMissing: the layout needs an extra (CVACT).

    """
    checks = []
    for split in SPLITS[layout]:
        faults = Faults(skip=True)
        dataset = open_dataset(root, layout, area=area, labels=labels, faults=faults)
        checks.append(_check_split(dataset, split, faults, decode, progress))
    if all(check.problem for check in checks):
        raise DataError(f"{root} is not in {layout}'s layout: {_why(checks[0])}")
    return DatasetCheck(folder=str(root), layout=layout, splits=tuple(checks))


def _why(check: SplitCheck) -> str:
    first = next((line for line in check.broken if line not in check.problem), "")
    return f"{check.problem}; the first: {first}" if first else check.problem


def _check_split(
    dataset: Dataset, split: Split, faults: Faults, decode: bool, progress: Progress
) -> SplitCheck:
    try:
        places = dataset.listed(split) if isinstance(dataset, Cvact) else dataset.places(split)
    except DataError as error:
        return SplitCheck(split=split, broken=faults.broken, problem=str(error))
    tasks = _tasks(dataset, split, faults)
    found = _look(_named(places, tasks))
    unread = [fault for _, fault in decoding_faults(found.present, progress)] if decode else []
    return SplitCheck(
        split=split,
        pairs=len(places),
        images=found.images,
        absent=found.absent,
        first_absent=found.first_absent,
        undecodable=len(unread) if decode else None,
        tiles=len({place.tile or place.id for place in places}),
        located=sum(place.latitude is not None for place in places),
        tasks=tuple(map(_check_task, tasks)),
        broken=(*faults.broken, *unread),
    )


def _tasks(dataset: Dataset, split: Split, faults: Faults) -> tuple[Task, ...]:
    try:
        return dataset.tasks(split)
    except DataError as error:
        if not isinstance(dataset, Cvact):  # where no pair has both images, which is counted
            faults.meet(str(error))
        return ()


def _check_task(task: Task) -> TaskCheck:
    return TaskCheck(
        name=task.name,
        queries=len(task.queries),
        gallery=len(task.gallery),
        query_view=task.query_view,
        protocols=tuple(protocol.name for protocol in task.protocols),
    )


def _named(places: Sequence[Place], tasks: Sequence[Task]) -> dict[View, dict[Path, str]]:
    """Collect every image by view, and where it is listed."""
    named: dict[View, dict[Path, str]] = {view: {} for view in VIEWS}
    for place in places:
        named["ground"].setdefault(place.ground, place.row)
        named["satellite"].setdefault(place.satellite, place.row)
    for task in tasks:
        sides = ((task.query_view, task.queries), (task.gallery_view, task.gallery))
        for view, side in sides:
            for picture in side:
                named[view].setdefault(picture.path, picture.row)
    return named


@dataclass(frozen=True, slots=True)
class _Found:
    images: dict[View, int]
    absent: dict[View, int]
    first_absent: str
    present: list[Path]


def _look(named: dict[View, dict[Path, str]]) -> _Found:
    folders = Folders()
    present: list[Path] = []
    absent: dict[View, int] = {}
    first = ""
    for view, rows in named.items():
        missing = [path for path in rows if not folders.holds(path)]
        absent[view] = len(missing)
        if missing and not first:
            first = _listed(missing[0], rows[missing[0]])
        gone = set(missing)
        present += [path for path in rows if path not in gone]
    return _Found({view: len(rows) for view, rows in named.items()}, absent, first, present)


def _listed(path: Path, row: str) -> str:
    return f"{path} ({row})" if row else str(path)
