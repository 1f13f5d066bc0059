"""What runs on each worker: the embedder of this package, in a Ray Data actor."""

import logging
import pickle
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..backend import Backend
from ..backends import BackendName, RunPrecision, open_backend
from ..embedder import Block, embed_items
from ..errors import ClnetError, ClusterFailed
from ..item import Item
from ..preprocess import View
from .shipping import ShippedBranch

if TYPE_CHECKING:
    import ray

_log = logging.getLogger(__name__)

Row = dict[str, bytes]
"""One row of a Ray data set; under `items` or `block` stands a pickle of this run's own."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker must know."""

    branch: "ray.ObjectRef"
    """The `ShippedBranch`, in Ray's object store."""

    view: View
    """Which branch it is."""

    backend: BackendName
    """See `open_backend`."""

    precision: RunPrecision | None
    """See `open_backend`."""

    batch_size: int
    """Images in one run of the network."""

    threads: int
    """Threads of one run on a CPU."""

    decode_threads: int
    """Threads that decode and resize."""


class EmbeddingWorker:
    """Embeds one block of items at a time; the network is loaded with the first."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._backend: Backend | None = None

    def __call__(self, row: Row) -> Row:
        """Turn pickled items into a pickled `Block`, or into the error that forbade it."""
        items: tuple[Item, ...] = pickle.loads(row["items"])
        try:
            answer: Block | ClnetError = self._embed(items)
        except ClnetError as error:
            answer = error
        except Exception as error:  # the edge of this process: the command shall say why
            _log.exception("a block of %d images failed", len(items))
            answer = ClusterFailed(f"a worker failed: {error!r}; its log in /tmp/ray says where")
        return {"block": pickle.dumps(answer)}

    def _embed(self, items: tuple[Item, ...]) -> Block:
        self._backend = self._backend or _open(self._settings)
        blocks = list(
            embed_items(
                self._backend,
                items,
                batch_size=self._settings.batch_size,
                decode_threads=self._settings.decode_threads,
            )
        )
        return Block(
            tuple(item for block in blocks for item in block.items),
            np.concatenate([block.embeddings for block in blocks]),
            tuple(failure for block in blocks for failure in block.failures),
        )


def _open(settings: WorkerSettings) -> Backend:
    import ray

    branch: ShippedBranch = ray.get(settings.branch)
    # A backend holds what it needs once it is open: nothing stays on the worker's disk.
    with tempfile.TemporaryDirectory(prefix="clnet-bundle-") as folder:
        return open_backend(
            branch.unpack(Path(folder)),
            settings.view,
            settings.backend,
            settings.precision,
            threads=settings.threads,
        )
