"""The training loop: a pure function of config and data, whether or not it was interrupted."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...runtime.artifact import Artifact
from ...runtime.datasets import Place, Task
from ...runtime.errors import ConfigError
from ...runtime.progress import Advance, Progress, silent
from ...runtime.ranking import Recall
from ..checkpoint import save_checkpoint
from ..evaluation import evaluate
from ..loading import PairLoader, Planned
from ..sampling import Sampler
from ..train_config import TrainConfig
from .embedding import embed_places
from .hard_negatives import HardNegatives
from .learner import Learner
from .log import RunLog
from .processes import Processes
from .run_folder import check_folder, clear_asides, end_run, has_state, prepare_folder
from .run_state import Circumstances, Saved, fingerprint, load_state, save_state
from .schedule import Position, Schedule

LOG_EVERY = 10
"""Steps between rows of the log."""


class _Scores(Artifact):
    scores: tuple[Recall, ...]


class Trainer:
    """Trains one network on one data set into one folder."""

    def __init__(
        self,
        config: TrainConfig,
        places: Sequence[Place],
        tasks: Sequence[Task],
        out: Path,
        processes: Processes | None = None,
        progress: Progress = silent,
    ) -> None:
        """
        Build all that a run needs. The GPU is used where there is one.

        Args:
            config: of the run.
            places: the pairs to learn from.
            tasks: what is asked of held-out images; the main process alone reads it.
            out: the run's folder, the same for all processes.
            processes: that train together; None asks the environment.
            progress: told about every image and step.

        Raises:
            ConfigError: network, sizes, batch and places do not fit together.
            DataError: an image cannot be decoded (where the data set fits the cache).

        """
        self.config = config
        self.out = out
        self.processes = processes or Processes()
        self.learner = Learner(config, self.processes)
        self.notes: list[str] = []
        """What a reader of the scores should know: a sentence each."""
        self._places = places
        self._tasks = tasks
        self._share = self.processes.share_of(config.batch_size)
        self._sampler = Sampler(places, config.batch_size, config.seed, config.negatives)
        self._schedule = Schedule(config, self._sampler.most_batches)
        self._negatives = HardNegatives(places, config.negatives, self.processes)
        self._progress = progress if self.processes.main else silent
        self._log: RunLog | None = None
        self._loader = PairLoader(
            places,
            config.network,
            config.augmentation,
            config.seed,
            cache_mib=config.cache_mib,
            threads=config.loader_threads,
            progress=self._progress,
        )

    def run(self, *, resume: bool = False) -> tuple[Recall, ...]:
        """
        Train to the end, write the checkpoint, evaluate.

        Args:
            resume: go on from the folder's last saved state; from the start, where the run was
                killed before its first save.

        Returns:
            The scores of every task and protocol, the benchmark's own first.

        Raises:
            ArtifactError: the folder holds a run already, or none to resume; the weights to
                start from are of another network.
            ConfigError: hard negatives by GPS of places without coordinates.
            DataError: an image cannot be decoded.
            EmbeddingError: the loss is not finite, or embeddings have collapsed.
            ProcessesFailed: another process of the run did.

        """
        check_folder(self.out, self.config, resume)
        self.processes.wait()
        at = self._resume() if resume and has_state(self.out) else self._start()
        with self._loader, self._logging(at), torch.random.fork_rng():
            at = self._train(at)
            if self.processes.main:
                save_checkpoint(self.out, self.learner.scored, at.step)
            scores = self._evaluate(at)
            if self.processes.main:
                end_run(self.out)
        return scores

    def _start(self) -> Position:
        self.learner.start()
        if self.processes.main:
            prepare_folder(self.out, self.config)
        self._negatives.start()
        return Position()

    def _resume(self) -> Position:
        saved = load_state(self.out, fingerprint(self._places), self.learner)
        self._negatives.table = saved.table
        changes = saved.circumstances.differences(self._circumstances())
        if changes:
            self.notes.append(
                f"resumed under other circumstances ({'; '.join(changes)}): the weights may differ "
                "from an uninterrupted run's"
            )
        if self.processes.main:
            clear_asides(self.out)
        return saved.position

    @contextmanager
    def _logging(self, at: Position) -> Iterator[None]:
        if not self.processes.main:
            yield
            return
        self._log = RunLog(self.out, at.step)
        try:
            for note in self.notes:
                self._log.note(at.step, note)
            yield
        finally:
            self._log.close()

    def _train(self, at: Position) -> Position:
        with self._progress("train", self._schedule.steps, "steps") as advance:
            advance(at.step)
            while not self._schedule.over(at):
                at = self._epoch(at, advance)
        return at

    def _epoch(self, at: Position, advance: Advance) -> Position:
        config, first, started = self.config, at.step, time.perf_counter()
        plan = self._sampler.batches(at.epoch, self._negatives.table)
        if not plan:
            raise ConfigError(f"batch_size {config.batch_size}: no batch of true negatives fits")
        left = plan[at.batch :][: config.steps - at.step if config.steps else None]
        planned = [Planned(at.step + n, at.epoch, rows[self._share]) for n, rows in enumerate(left)]
        for batch in self._loader.batches(planned):
            rate = config.learning_rate * self._schedule.share(at, len(plan))
            with self.processes.together():
                stepped = self.learner.step(at.step, rate, batch.ground, batch.satellite)
            at = at.after(len(plan))
            figures = {
                "loss": stepped.loss,
                "pairs_per_s": (at.step - first)
                * config.batch_size
                / (time.perf_counter() - started),
            }
            advance(1, **figures)
            more = {"learning_rate": rate, "gradient_norm": stepped.gradient_norm}
            self._after_step(at, {**figures, **more})
        return at

    def _after_step(self, at: Position, figures: dict[str, float]) -> None:
        over = self._schedule.over(at)
        if self._log and (over or at.step % LOG_EVERY == 0):
            self._log.figures(at.step, figures)
        if over:
            return
        new = at.batch == 0 and self._after_epoch(at)
        if self.processes.main and (new or at.step % self.config.save_every == 0):
            saved = Saved(at, self._negatives.table, self._circumstances())
            save_state(self.out, saved, fingerprint(self._places), self.learner)

    def _after_epoch(self, at: Position) -> bool:
        """Evaluate and look for new negatives, where due; say whether anything was done."""
        every = self.config.evaluate_every_epochs
        evaluated = bool(every) and at.epoch % every == 0
        if evaluated:
            self._evaluate(at)
        return self._negatives.refresh(at.epoch, self._embed) or evaluated

    def _embed(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return embed_places(self.learner.scored, self._places, self.processes, self._progress)

    def _evaluate(self, at: Position) -> tuple[Recall, ...]:
        """Evaluate on the main process; the others wait and hear the scores."""
        own: tuple[Recall, ...] = ()
        if self._log is not None:
            scored = self.learner.scored
            own = tuple(
                s for task in self._tasks for s in evaluate(scored, task, progress=self._progress)
            )
            self._log.scores(at.step, own)
        heard = self.processes.text_from_main(_Scores(scores=own).model_dump_json())
        return _Scores.model_validate_json(heard).scores

    def _circumstances(self) -> Circumstances:
        return Circumstances(
            device=self.learner.device.type,
            threads=torch.get_num_threads(),
            processes=self.processes.count,
        )
