"""Runs that are trained once: a finished one is read, an interrupted one goes on."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from ...runtime.artifact import Artifact, sha256_of
from ...runtime.errors import ArtifactError
from ...runtime.progress import Progress, silent
from ...runtime.ranking import Recall
from ...training.checkpoint import CONFIG as CHECKPOINT
from ...training.checkpoint import WEIGHTS, CheckpointConfig
from ...training.run import train_run
from ...training.train_config import TrainConfig
from ...training.trainer.log import LOG
from ...training.trainer.run_folder import CONFIG, has_state
from .scoring import HeldOut, load_network, score_of

RECORD = "experiment.json"
"""What this module leaves in a run's folder, once the run is finished."""

_LAST_LOSSES = 5


class RunRecord(Artifact):
    """What came of a run, so that it need not be evaluated again."""

    data: str
    """Name of the data set's folder."""

    held_out_sha256: str
    """Of names and sizes of its held-out images (`HeldOut.fingerprint`)."""

    score: Recall
    """On its held-out places."""

    linear_floor_at_1: float | None = None
    """R@1 of a linear method there; None where nobody reckoned it."""

    seconds: float | None = None
    """From start to end; None for a run that was interrupted or trained elsewhere."""


@dataclass(frozen=True, slots=True)
class TrainedRun:
    """A finished run."""

    folder: Path
    """With its checkpoint."""

    config: TrainConfig
    """Of the training."""

    record: RunRecord
    """Its score."""

    @property
    def artifacts(self) -> dict[str, str]:
        """Hash of the weights, by role."""
        return {"checkpoint": sha256_of(self.folder / WEIGHTS)}

    @property
    def steps(self) -> int:
        """Return how many batches the weights have behind them."""
        return CheckpointConfig.read(self.folder / CHECKPOINT).steps

    @property
    def final_loss(self) -> float | None:
        """Return the mean of the log's last five losses; None without a log."""
        path = self.folder / LOG
        rows = map(json.loads, path.read_text().splitlines()) if path.is_file() else ()
        losses = [float(row["loss"]) for row in rows if row.get("loss") is not None]
        return fmean(losses[-_LAST_LOSSES:]) if losses else None


def trained(
    config: TrainConfig, data: Path, folder: Path, progress: Progress = silent
) -> TrainedRun:
    """
    Train, unless `folder` holds the finished run of this configuration already.

    Args:
        config: of the run.
        data: the data set.
        folder: of the run.
        progress: told about every step.

    Raises:
        ArtifactError: the folder holds a run of another configuration or data set.
        ClnetError: as `train_run`.

    """
    resume = has_state(folder)
    if (folder / WEIGHTS).exists() and not resume:
        return _finished(config, data, folder, progress)
    started_s = time.perf_counter()
    report = train_run(config, data, folder, resume=resume, progress=progress)
    record = RunRecord(
        data=data.resolve().name,
        held_out_sha256=HeldOut(data, config).fingerprint(),
        score=score_of(report),
        linear_floor_at_1=report.linear_floor_at_1,
        seconds=None if resume else time.perf_counter() - started_s,
    )
    record.write(folder / RECORD)
    return TrainedRun(folder, config, record)


def read_config(run: Path) -> TrainConfig:
    """
    Read what a run was trained by.

    Raises:
        ArtifactError: `run` is no folder of clnet-train, or of another version of it.

    """
    return TrainConfig.read(run / CONFIG)


def read_record(run: Path) -> RunRecord | None:
    """
    Read what an experiment left in a run's folder; None where none did.

    Raises:
        ArtifactError: it is damaged.

    """
    return RunRecord.read(run / RECORD) if (run / RECORD).exists() else None


def _finished(config: TrainConfig, data: Path, folder: Path, progress: Progress) -> TrainedRun:
    if read_config(folder).deciding() != config.deciding():
        raise ArtifactError(
            f"{folder} holds a finished run of another configuration than it is asked for; "
            "choose another --out or remove it"
        )
    held_out, record = HeldOut(data, config, progress=progress), read_record(folder)
    images = held_out.fingerprint()
    if record is not None:
        if record.held_out_sha256 != images:
            raise ArtifactError(
                f"{folder} was trained on {record.data}, and the images of {data} are others; "
                "choose another --out"
            )
        return TrainedRun(folder, config, record)
    score = held_out.score(load_network(folder))
    record = RunRecord(data=data.resolve().name, held_out_sha256=images, score=score)
    record.write(folder / RECORD)
    return TrainedRun(folder, config, record)
