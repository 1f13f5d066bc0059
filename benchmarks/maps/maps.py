"""`clnet-bench maps`, whole: figures about the maps of runs, and pictures of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...runtime.datasets import Layout
from ...runtime.progress import Progress, silent
from ...runtime.ranking import Recall
from ..experiments.runs import RunRecord, TrainedRun, read_record
from ..experiments.scoring import HeldOut
from ..experiments.signatures import signatures_of
from ..records.result import Result
from ..records.signature_result import SignatureResult
from .bearing import bearing_rows
from .contribution import contribution_rows
from .drift import drift_rows
from .likenesses import likeness_rows
from .map_pictures import draw_maps
from .place_pictures import draw_places
from .studied import Studied, study


@dataclass(frozen=True, slots=True)
class MapsReport:
    """What was found."""

    rows: tuple[Result, ...]
    """Of recall with other maps, bearing, drift, likeness and signatures."""

    pictures: tuple[Path, ...]
    """PNG files."""


def run_maps(
    runs: Sequence[Path],
    data: Path,
    out: Path,
    *,
    layout: Layout | None = None,
    places: int = 4,
    draws: int = 5,
    progress: Progress = silent,
) -> MapsReport:
    """
    Look at the learned maps of runs.

    Args:
        runs: folders of finished runs; likeness and borrowed maps need two or more.
        data: the data set whose held-out places are ranked.
        out: a folder for the pictures.
        layout: how `data` lies on disk; None takes the first run's.
        places: how many held-out places are shown.
        draws: permutations of positions.
        progress: told about every image.

    Raises:
        ArtifactError: a folder holds no finished run.
        ConfigError: a run has no learned maps, or maps of other sizes than the others.
        DataError: the data set cannot be read.

    """
    studied = [study(run) for run in runs]
    held_out = HeldOut(data, studied[0].config, layout=layout, progress=progress)
    rows: list[Result] = []
    pictures: list[Path] = []
    for run in studied:
        others = [one for one in studied if one is not run]
        own = held_out.score(run.network)
        rows += contribution_rows(run, own, others, held_out, draws)
        rows += [*bearing_rows(run), *drift_rows(run), *_signatures(run, own, held_out)]
        pictures += [*draw_maps(run, out), draw_places(run, held_out, places, out)]
    return MapsReport((*rows, *likeness_rows(studied)), tuple(pictures))


def _signatures(run: Studied, own: Recall, held_out: HeldOut) -> tuple[SignatureResult, ...]:
    """Look for them in the run as an experiment recorded it; without a record, in its own score."""
    record = read_record(run.folder) or RunRecord(
        data=held_out.data.resolve().name, held_out_sha256=held_out.fingerprint(), score=own
    )
    return signatures_of(TrainedRun(run.folder, run.config, record))
