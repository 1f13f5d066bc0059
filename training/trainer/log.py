"""What a run writes of itself: JSON lines, and the same for TensorBoard."""

import json
import math
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from ...runtime.atomic import file_written_aside
from ...runtime.ranking import Recall

LOG = "log.jsonl"
TENSORBOARD = "tensorboard"


class RunLog:
    """Appends rows; each names its step."""

    def __init__(self, folder: Path, step: int) -> None:
        """
        Go on after `step`; rows of later steps are about to be taken again, and are dropped.

        Raises:
            ArtifactError: the folder cannot be written.

        """
        self._path = folder / LOG
        _cut(self._path, step)
        self._board = SummaryWriter(str(folder / TENSORBOARD), purge_step=step + 1)

    def figures(self, step: int, figures: dict[str, float]) -> None:
        """Write numbers of one step; one that is not finite becomes null."""
        finite = {name: one if math.isfinite(one) else None for name, one in figures.items()}
        self._row(step=step, **finite)
        for name, one in finite.items():
            if one is not None:
                self._board.add_scalar(f"train/{name}", one, step)

    def scores(self, step: int, scores: tuple[Recall, ...]) -> None:
        """Write what an evaluation said."""
        for score in scores:
            self._row(step=step, **score.model_dump(mode="json"))
            where = f"evaluate/{score.task}, {score.protocol}"
            self._board.add_scalar(f"{where}/recall_at_1", score.recall_at_1, step)
        self._board.flush()

    def note(self, step: int, note: str) -> None:
        """Write a sentence."""
        self._row(step=step, note=note)
        self._board.add_text("note", note, step)

    def close(self) -> None:
        """Let go of the files."""
        self._board.close()

    def _row(self, **row: object) -> None:
        with self._path.open("a") as stream:
            stream.write(json.dumps(row) + "\n")


def _cut(path: Path, step: int) -> None:
    rows = path.read_text().splitlines(keepends=True) if path.is_file() else []
    kept = [row for row in rows if row.endswith("\n") and json.loads(row)["step"] <= step]
    with file_written_aside(path) as aside:
        aside.write_text("".join(kept))
