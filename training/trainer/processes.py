"""One process, or several that Hugging Face Accelerate started: built in one place, here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor, nn

from ...runtime.errors import ConfigError, ProcessesFailed
from ...runtime.extras import need_extra

TIMEOUT_S = 3600
"""Longest wait for another process: one that is lost ends the others, too. Evaluation fits in."""


class Processes:
    """Those that train together, seen from one of them. Alone, every method is the identity."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        """
        Join the processes that the environment (`accelerate launch`) speaks of.

        Raises:
            ExtraMissing: there are several, and Accelerate is not installed.

        """
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        self._accelerator: Any = _accelerator(timeout_s) if self.count > 1 else None
        self.rank = self._accelerator.process_index if self._accelerator else 0
        cuda = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.device: torch.device = self._accelerator.device if self._accelerator else cuda

    @property
    def main(self) -> bool:
        """Whether this is the process that writes and evaluates."""
        return self.rank == 0

    def share_of(self, batch_size: int) -> slice:
        """
        Return this process's rows of a batch.

        Raises:
            ConfigError: the batch cannot be cut into equal parts.

        """
        size, rest = divmod(batch_size, self.count)
        if rest:
            raise ConfigError(
                f"batch_size {batch_size} counts all processes: expected a multiple of {self.count}"
            )
        return slice(self.rank * size, (self.rank + 1) * size)

    def parallel(self, module: nn.Module) -> nn.Module:
        """Return the module such that backward averages its gradients over the processes."""
        if self._accelerator is None:
            return module
        with self.together():
            wrapped: nn.Module = self._accelerator.prepare_model(module)
        return wrapped

    @contextmanager
    def together(self) -> Iterator[None]:
        """Say that another process was lost where that is why work in common fails."""
        try:
            yield
        except RuntimeError as error:
            if not _is_of_another(error):
                raise
            raise ProcessesFailed(
                f"another training process failed or was lost ({str(error).splitlines()[0]}); "
                "its own message says why"
            ) from error

    def wait(self) -> None:
        """Wait for the others."""
        if self._accelerator is not None:
            with self.together():
                self._accelerator.wait_for_everyone()

    def from_main(self, tensor: Tensor) -> Tensor:
        """Return the main process's tensor; the others hand over one of its shape and kind."""
        if self._accelerator is None:
            return tensor
        with self.together():
            moved = tensor.to(self.device)
            dist.broadcast(moved, 0)
        return moved.cpu()

    def text_from_main(self, text: str) -> str:
        """Return the main process's text; what the others hand over does not count."""
        if self._accelerator is None:
            return text
        encoded = torch.tensor(list(text.encode()), dtype=torch.uint8)
        length = int(self.from_main(torch.tensor(len(encoded))))
        if not self.main:
            encoded = torch.empty(length, dtype=torch.uint8)
        return bytes(self.from_main(encoded).tolist()).decode()

    def slice_of(self, count: int) -> slice:
        """Return this process's part of `count` items, for `gather_rows`."""
        size = -(-count // self.count)
        return slice(min(self.rank * size, count), min((self.rank + 1) * size, count))

    def gather_rows(self, own: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        """
        Put the parts of all processes under one another.

        Args:
            own: [n, D] float32, the rows of `slice_of(count)`.
            count: N, rows in all.

        Returns:
            [N, D] float32, on every process.

        """
        if self._accelerator is None:
            return own
        size = -(-count // self.count)
        padded = torch.zeros(size, own.shape[1], device=self.device)
        padded[: len(own)] = torch.from_numpy(own)
        parts = [torch.empty_like(padded) for _ in range(self.count)]
        with self.together():
            dist.all_gather(parts, padded)
        return torch.cat(parts)[:count].cpu().numpy()


def _is_of_another(error: RuntimeError) -> bool:
    """Tell what torch.distributed raises where a process is lost: Gloo has no class for it."""
    return isinstance(error, dist.DistError) or "gloo" in str(error).lower()


def _accelerator(timeout_s: float) -> Any:  # noqa: ANN401
    need_extra("train", "accelerate")
    from accelerate import Accelerator
    from accelerate.utils import DistributedDataParallelKwargs, InitProcessGroupKwargs

    return Accelerator(
        cpu=not torch.cuda.is_available(),
        mixed_precision="no",  # autocast and its scaler are ours: the head works in float32
        kwargs_handlers=[
            InitProcessGroupKwargs(timeout=timedelta(seconds=timeout_s)),
            # static: a backbone's last stages may take no part, and are found in the first step
            DistributedDataParallelKwargs(static_graph=True),
        ],
    )
