"""Embed on a Ray cluster: blocks of items out to the workers, blocks of embeddings back."""

import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ..backends import BackendName
from ..bundle import Bundle, Precision
from ..embedder import Block
from ..errors import ClnetError, ClusterFailed
from ..item import Item
from ..preprocess import View
from ..progress import Progress, silent
from .cluster import RayCluster, Share, joined, share
from .shipping import pack
from .worker import EmbeddingWorker, Row

if TYPE_CHECKING:
    import ray

ON_CPU: frozenset[BackendName] = frozenset({"onnxruntime", "openvino"})
"""Backends whose workers need no GPU."""

BLOCK_ITEMS = 256
"""Items of one task: what a worker that dies has to do again."""


def embed_on_ray(
    cluster: RayCluster,
    bundle: Bundle,
    view: View,
    items: Iterable[Item],
    *,
    backend: BackendName = "onnxruntime",
    precision: Precision | None = None,
    batch_size: int = 32,
    block_items: int = BLOCK_ITEMS,
    total: int | None = None,
    progress: Progress = silent,
) -> Iterator[Block]:
    """
    Embed items with workers that each run `embed_items`.

    Ray starts a worker that died again, and gives its block to another. A block comes back once,
    in the order of `items`, whoever embedded it.

    Args:
        cluster: where.
        bundle: what to run; its branch is shipped to the workers.
        view: which branch.
        items: what to embed; what they name must be readable from every worker: local files
            in a local cluster, else a shared file system or an object store.
        backend: see `open_backend`; all but those `ON_CPU` give each worker a GPU.
        precision: see `open_backend`.
        batch_size: images in one run of the network.
        block_items: items of one block.
        total: how many items there will be, for the progress; None if nobody knows.
        progress: told of every item, read or failed.

    Yields:
        One `Block` for every `block_items` items, as soon as it and all before it are done.

    Raises:
        ExtraMissing, BackendUnavailable, ConfigError: there is no such cluster, or it is too small.
        ClusterFailed: Ray lost its workers, or could not run them.
        ClnetError: what a worker's backend raised.

    """
    rows = _rows(items, block_items)
    if not rows:
        return
    shipped = pack(bundle, view)
    with joined(cluster, shipped.size_bytes), progress("embed", total=total) as advance:
        import ray

        portion = share(cluster, len(rows), on_gpu=backend not in ON_CPU)
        reference = ray.put(shipped)
        settings = (reference, view, backend, precision, batch_size, portion.cpus)
        for block in _results(_data_set(rows), settings, portion):
            yield block
            advance(len(block.items) + len(block.failures))


def _rows(items: Iterable[Item], block_items: int) -> list[Row]:
    remaining = iter(items)
    rows = []
    while block := tuple(islice(remaining, block_items)):
        rows.append({"items": pickle.dumps(block)})
    return rows


def _data_set(rows: list[Row]) -> "ray.data.Dataset":
    """Make a block of every row: what one worker takes at a time."""
    import ray.data

    blocks = ray.data.from_items(rows, override_num_blocks=len(rows))
    blocks.context.execution_options.preserve_order = True
    blocks.context.enable_progress_bars = False
    return blocks


def _results(
    blocks: "ray.data.Dataset", settings: tuple[object, ...], portion: Share
) -> Iterator[Block]:
    import ray

    workers = blocks.map(
        EmbeddingWorker,
        fn_constructor_args=settings,
        compute=ray.data.ActorPoolStrategy(size=portion.workers),
        num_cpus=portion.cpus,
        num_gpus=portion.gpus,
    )
    try:
        for row in workers.iter_rows():
            answer: Block | ClnetError = pickle.loads(row["block"])
            if isinstance(answer, ClnetError):
                raise answer
            yield answer
    except (ray.exceptions.RayError, SystemError) as error:
        raise ClusterFailed(f"Ray could not go on: {_last_line(error)}") from error


def _last_line(error: BaseException) -> str:
    return str(error).strip().rpartition("\n")[2]
