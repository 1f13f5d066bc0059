"""What runs on each worker: the embedder of this package, in a Ray Data actor."""

import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..backend import Backend
from ..backends import BackendName, open_backend
from ..bundle import Precision
from ..embedder import Block, embed_items
from ..errors import ClnetError
from ..item import Item
from ..preprocess import View
from .shipping import ShippedBranch

if TYPE_CHECKING:
    import ray

Row = dict[str, bytes]
"""One row of a Ray data set; under `items` or `block` stands a pickle of this run's own."""


class EmbeddingWorker:
    """Embeds one block of items at a time; the network is loaded with the first."""

    def __init__(
        self,
        shipped: "ray.ObjectRef",
        view: View,
        name: BackendName,
        precision: Precision | None,
        batch_size: int,
        threads: int,
    ) -> None:
        self._shipped = shipped
        self._view = view
        self._name = name
        self._precision = precision
        self._batch_size = batch_size
        self._threads = threads
        self._backend: Backend | None = None

    def __call__(self, row: Row) -> Row:
        """Turn pickled items into a pickled `Block`, or the `ClnetError` that forbade it."""
        items: tuple[Item, ...] = pickle.loads(row["items"])
        try:
            answer: Block | ClnetError = self._embed(items)
        except ClnetError as error:
            answer = error
        return {"block": pickle.dumps(answer)}

    def _embed(self, items: tuple[Item, ...]) -> Block:
        self._backend = self._backend or self._open()
        blocks = list(
            embed_items(
                self._backend,
                items,
                batch_size=self._batch_size,
                decode_threads=self._threads,
            )
        )
        return Block(
            tuple(item for block in blocks for item in block.items),
            np.concatenate([block.embeddings for block in blocks]),
            tuple(failure for block in blocks for failure in block.failures),
        )

    def _open(self) -> Backend:
        import ray

        shipped: ShippedBranch = ray.get(self._shipped)
        # A backend holds what it needs once it is open: nothing is left on the worker's disk.
        with tempfile.TemporaryDirectory(prefix="clnet-bundle-") as folder:
            bundle = shipped.unpack(Path(folder))
            return open_backend(
                bundle, self._view, self._name, self._precision, threads=self._threads
            )
