"""The training loop: a pure function of config and data, whether or not it was interrupted."""

import json
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..runtime.errors import EmbeddingError
from ..runtime.progress import Progress, silent
from ..runtime.ranking import Recall
from .augmentation import augment
from .autocast import autocast, settle
from .checkpoint import save_checkpoint, start_from
from .evaluation import evaluate
from .loss import symmetric_info_nce
from .network import CLNet
from .optimizer import gradient_norm, make_optimizer, set_rate
from .pairs import PairedImages
from .run_state import LOG, STATE, check_folder, cut_log, load_state, save_state
from .sampling import batch_rows
from .train_config import TrainConfig

LOG_EVERY = 10
"""Steps between rows of the log."""

Batch = tuple[Tensor, Tensor]


class Trainer:
    """Trains one network on one data set into one folder."""

    def __init__(
        self, config: TrainConfig, train: PairedImages, held_out: PairedImages, out: Path
    ) -> None:
        """
        Build network and optimizer. The GPU is used where there is one.

        Args:
            config: of the run.
            train: the pairs to learn from.
            held_out: the pairs to evaluate on; never learned from.
            out: the run's folder.

        Raises:
            ConfigError: network, sizes and batch do not fit together.

        """
        self.config = config
        self.out = out
        self._train = train
        self._held_out = held_out
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.precision = settle(config.precision, self.device)
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            network = CLNet(config.network)
        # channels last: depthwise and pointwise convolutions run up to twice as fast
        self.network = network.to(self.device).to(memory_format=torch.channels_last)
        self._optimizer = make_optimizer(self.network, config)
        self._scaler = torch.amp.GradScaler(self.device.type, enabled=self.precision == "fp16")
        batch_rows(len(train), config.batch_size, config.seed, 0)

    def run(self, *, resume: bool = False, progress: Progress = silent) -> Recall:
        """
        Train to the end, write the checkpoint, evaluate.

        Args:
            resume: go on from the folder's last saved state.
            progress: told about every step.

        Returns:
            Recall on the held-out places.

        Raises:
            ArtifactError: the folder holds a run already, or none to resume; the checkpoint to
                start from is of another network.
            EmbeddingError: the loss is not finite.

        """
        check_folder(self.out, resume)
        first = self._resume() if resume else self._start()
        with torch.random.fork_rng(), progress("train", self.config.steps, "steps") as advance:
            advance(first)
            started = time.perf_counter()
            for step, batch in self._batches(first):
                loss = self._step(step, batch)
                done = step + 1
                rate = (done - first) * self.config.batch_size / (time.perf_counter() - started)
                advance(1, loss=loss, pairs_per_s=rate)
                self._after_step(done, loss, rate)
        save_checkpoint(self.out, self.network, self.config.steps)
        (self.out / STATE).unlink(missing_ok=True)
        return self._evaluate(self.config.steps)

    def _start(self) -> int:
        if self.config.init is not None:
            start_from(self.network, self.config.init)
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / LOG).unlink(missing_ok=True)  # of a run that was cut before its first save
        self.config.write(self.out / "train.json")
        return 0

    def _resume(self) -> int:
        step = load_state(self.out, self.config, self.network, self._optimizer)
        cut_log(self.out, step)
        return step

    def _step(self, step: int, batch: Batch) -> float:
        config, network = self.config, self.network
        torch.manual_seed(config.seed * 1_000_003 + step)  # dropout, so that resuming is exact
        rate = set_rate(self._optimizer, config, step)
        network.train()
        with autocast(self.precision, self.device):
            ground = network(batch[0].to(self.device), "ground")
            satellite = network(batch[1].to(self.device), "satellite")
        loss = symmetric_info_nce(ground, satellite, network.logit_scale, config.label_smoothing)
        self._optimizer.zero_grad(set_to_none=True)
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self._scaler.step(self._optimizer)
        self._scaler.update()
        value = float(loss.detach())
        if not math.isfinite(value):
            raise EmbeddingError(f"loss is {value} at step {step} (rate {rate:.2g}); lower it")
        return value

    def _after_step(self, done: int, loss: float, pairs_per_s: float) -> None:
        config = self.config
        if done % LOG_EVERY == 0 or done == config.steps:
            self._log(
                step=done,
                loss=loss,
                learning_rate=self._optimizer.param_groups[0]["lr"],
                gradient_norm=gradient_norm(self.network),
                pairs_per_s=pairs_per_s,
            )
        if done == config.steps:
            return
        if config.evaluate_every and done % config.evaluate_every == 0:
            self._evaluate(done)
        if done % config.save_every == 0:
            save_state(self.out, done, config, self.network, self._optimizer)

    def _evaluate(self, step: int) -> Recall:
        score = evaluate(self.network, self._held_out)
        self._log(step=step, **score.model_dump())
        return score

    def _log(self, **row: float) -> None:
        with (self.out / LOG).open("a") as stream:
            stream.write(json.dumps(row) + "\n")

    def _batches(self, first: int) -> Iterator[tuple[int, Batch]]:
        """Prepare the next batch in a thread while the network is busy with this one."""
        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(self._prepare, first)
            for step in range(first, self.config.steps):
                batch = coming.result()
                if step + 1 < self.config.steps:
                    coming = pool.submit(self._prepare, step + 1)
                yield step, batch

    def _prepare(self, step: int) -> Batch:
        config = self.config
        rows = batch_rows(len(self._train), config.batch_size, config.seed, step)
        random = np.random.default_rng([config.seed, 1, step])
        ground, satellite = augment(
            self._train.ground.load(rows),
            self._train.satellite.load(rows),
            config.augmentation,
            random,
        )
        return (
            _channels_last(config.network.ground.tensor(ground)),
            _channels_last(config.network.satellite.tensor(satellite)),
        )


def _channels_last(images: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(images).contiguous(memory_format=torch.channels_last)
