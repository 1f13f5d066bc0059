"""The embedder of a Ray cluster: blocks of items out to workers, blocks of embeddings back."""

import pickle
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice

from ..backends import BackendName, RunPrecision
from ..bundle import Bundle
from ..embedder import Block
from ..embedding_run import Embed
from ..errors import ClnetError, ClusterFailed
from ..item import Item
from ..preprocess import View
from ..progress import Progress, silent
from .cluster import RayCluster, Share, joined, share
from .shipping import pack
from .worker import EmbeddingWorker, Row, WorkerSettings

ON_CPU: frozenset[BackendName] = frozenset({"onnxruntime", "openvino"})
"""Backends whose workers need no GPU."""

BLOCK_ITEMS = 256
"""Items that a worker takes at a time: what one that dies leaves to do again."""


@contextmanager
def ray_embedder(
    cluster: RayCluster,
    bundle: Bundle,
    view: View,
    *,
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    batch_size: int = 32,
    decode_threads: int | None = None,
    block_items: int = BLOCK_ITEMS,
    progress: Progress = silent,
) -> Iterator[Embed]:
    """
    Join a cluster, and yield what embeds there until the block ends.

    Ray replaces a worker that died, and gives its block to another. Each block comes back once,
    in the order of the items, whoever embedded it.

    Args:
        cluster: where the workers run.
        bundle: what to run; the branch is shipped to the workers.
        view: which branch.
        backend: see `open_backend`; all but those `ON_CPU` give each worker a GPU.
        precision: see `open_backend`.
        batch_size: images in one run of the network.
        decode_threads: a worker's threads that decode; None takes its share of the cores.
        block_items: items of one block.
        progress: told of every item, when its block is back.

    Raises:
        ExtraMissing, BackendUnavailable, ConfigError: there is no such cluster, or it is too small.
        ClusterFailed: Ray lost its workers, or could not run them.
        ClnetError: what a worker met.

    """
    branch = pack(bundle, view)
    with joined(cluster, branch.size_bytes):
        import ray

        portion = share(cluster, on_gpu=backend not in ON_CPU)
        settings = WorkerSettings(
            branch=ray.put(branch),
            view=view,
            backend=backend,
            precision=precision,
            batch_size=batch_size,
            threads=portion.cpus,
            decode_threads=decode_threads or portion.cpus,
        )
        yield partial(_embed, settings, portion, block_items, progress)


def _embed(
    settings: WorkerSettings,
    portion: Share,
    block_items: int,
    progress: Progress,
    items: Iterable[Item],
    *,
    total: int | None = None,
) -> Generator[Block, None, None]:
    rows = _rows(items, block_items)
    if not rows:
        return
    with progress("embed", total=total) as advance:
        for block in _blocks(rows, settings, portion):
            yield block
            advance(len(block.items) + len(block.failures))


def _rows(items: Iterable[Item], block_items: int) -> list[Row]:
    remaining = iter(items)
    rows = []
    while block := tuple(islice(remaining, block_items)):
        rows.append({"items": pickle.dumps(block)})
    return rows


def _blocks(rows: list[Row], settings: WorkerSettings, portion: Share) -> Iterator[Block]:
    import ray
    from ray.data.exceptions import ExecutionTimeoutError

    given = ray.data.from_items(rows, override_num_blocks=len(rows))
    given.context.execution_options.preserve_order = True
    given.context.enable_progress_bars = False
    embedded = given.map(
        EmbeddingWorker,
        fn_constructor_args=(settings,),
        compute=ray.data.ActorPoolStrategy(size=min(portion.workers, len(rows))),
        num_cpus=portion.cpus,
        num_gpus=portion.gpus,
    )
    try:
        for row in embedded.iter_rows():
            answer: Block | ClnetError = pickle.loads(row["block"])
            if isinstance(answer, ClnetError):
                raise answer
            yield answer
    except ExecutionTimeoutError as error:
        reason = str(error).partition(".")[0]
        raise ClusterFailed(
            f"Ray could not go on: {reason}; workers that die over one picture do that, "
            "see their logs in /tmp/ray"
        ) from error
    except ray.exceptions.RayError as error:
        reason = str(error).strip().rpartition("\n")[2]
        raise ClusterFailed(f"Ray could not go on: {reason}; see the logs in /tmp/ray") from error
