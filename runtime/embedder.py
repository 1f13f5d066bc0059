"""Images to embeddings: threads decode and resize while the backend runs the batch before."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from .backend import Backend
from .collapse import CollapseWatch
from .cores import usable_cores
from .errors import DataError, EmbeddingError, EmptyTile
from .item import Item
from .preprocess import Preprocess
from .progress import Progress, silent
from .read_ahead import read_ahead

BATCHES_AHEAD = 2
"""Batches of fitted images that may wait for the backend: memory stays flat."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be embedded."""

    item: Item
    """Which one."""

    reason: str
    """One line that names the file, what was expected and what came."""

    empty: bool = False
    """A tile of a map without data: left out, not unreadable."""


@dataclass(frozen=True, slots=True)
class Block:
    """What one batch gave."""

    items: tuple[Item, ...]
    """The n embedded items, in their order."""

    embeddings: NDArray[np.float32]
    """[n, D] float32, rows of unit length; n is 0 in a block of nothing but failures."""

    failures: tuple[Failure, ...]
    """Items that were met while this block filled and could not be read."""


def embed_items(
    backend: Backend,
    items: Iterable[Item],
    *,
    batch_size: int = 32,
    decode_threads: int | None = None,
    total: int | None = None,
    progress: Progress = silent,
) -> Generator[Block, None, None]:
    """
    Embed image files, as many as there are: neither items nor results are gathered.

    An unreadable image does not stop the run: it stands in its block's failures. Batches are
    full but for the last one, which runs as small as it is: a backend that runs certain sizes
    only pads and cuts by itself.

    Args:
        backend: the branch; the caller closes it.
        items: what to embed, taken one by one. Order is kept.
        batch_size: images in one run of the backend.
        decode_threads: threads that decode and resize; None takes the cores this process
            may use.
        total: how many items there will be, for the progress; None asks `items`, if it knows.
        progress: told of every item, read or failed.

    Yields:
        One `Block` a batch, as soon as it is done.

    Raises:
        EmbeddingError: the network returned no unit vector; the image is named. Or it gave one
            point for different images.
        ShapeError: the backend refuses the batch size.

    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    if total is None and isinstance(items, Sized):
        total = len(items)
    watch = CollapseWatch(f"{backend.preprocess.view} embeddings")
    fitted = read_ahead(
        partial(_fit, backend.preprocess),
        items,
        threads=decode_threads or usable_cores(),
        ahead=batch_size * BATCHES_AHEAD,
    )
    with progress("embed", total=total) as advance, closing(fitted):
        for batch, failures in _batches(fitted, batch_size):
            yield _block(backend, watch, batch, failures)
            advance(len(batch) + len(failures))


def embed_every(
    backend: Backend,
    items: Sequence[Item],
    *,
    batch_size: int = 32,
    decode_threads: int | None = None,
    listed: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> NDArray[np.float32]:
    """
    Embed image files of which none may be missing, as a measurement needs them.

    Args:
        backend: the branch; the caller closes it.
        items: n images, n ≥ 1.
        batch_size: images in one run of the backend.
        decode_threads: see `embed_items`.
        listed: where an item is listed, by its id (`Picture.row`), for messages.
        progress: told of every item.

    Returns:
        [n, D] float32, rows of unit length, in the order of `items`.

    Raises:
        DataError: an image cannot be read; says how many, and the first one's reason.
        EmbeddingError: the network returned no unit vectors.

    """
    blocks = list(
        embed_items(
            backend,
            items,
            batch_size=batch_size,
            decode_threads=decode_threads,
            progress=progress,
        )
    )
    failures = [failure for block in blocks for failure in block.failures]
    if failures:
        first = failures[0]
        where = (listed or {}).get(first.item.id)
        reason = f"{where}: {first.reason}" if where else first.reason
        raise DataError(f"{len(failures)} images are unreadable, the first: {reason}")
    return np.concatenate([block.embeddings for block in blocks])


def embed_images(
    backend: Backend, images: Iterable[NDArray[np.uint8]], *, batch_size: int = 32
) -> NDArray[np.float32]:
    """
    Embed arrays.

    Args:
        backend: the branch.
        images: each [h, w, 3] uint8, RGB, of any size.
        batch_size: images in one run of the backend.

    Returns:
        [n, D] float32, rows of unit length, in the order of `images`.

    Raises:
        ShapeError: an image is not [h, w, 3] uint8.
        EmbeddingError: the network returned no unit vectors.

    """
    ahead = batch_size * BATCHES_AHEAD
    found = [np.empty((0, backend.embedding_dim), np.float32)]
    fitted = read_ahead(backend.preprocess.fit, images, threads=usable_cores(), ahead=ahead)
    with closing(fitted):
        while batch := list(islice(fitted, batch_size)):
            found.append(backend.embed(np.stack(batch)))
    return np.concatenate(found)


_Fitted = tuple[Item, NDArray[np.uint8]]


def _fit(preprocess: Preprocess, item: Item) -> _Fitted | Failure:
    try:
        return item, preprocess.fit(item.read(), item.crop)
    except DataError as error:
        return Failure(item, str(error), empty=isinstance(error, EmptyTile))


def _batches(
    decoded: Iterable[_Fitted | Failure], batch_size: int
) -> Iterator[tuple[list[_Fitted], list[Failure]]]:
    batch: list[_Fitted] = []
    failures: list[Failure] = []
    for result in decoded:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            batch.append(result)
        if len(batch) == batch_size:
            yield batch, failures
            batch, failures = [], []
        elif len(failures) == batch_size:
            yield [], failures
            failures = []
    if batch or failures:
        yield batch, failures


def _block(
    backend: Backend, watch: CollapseWatch, batch: list[_Fitted], failures: list[Failure]
) -> Block:
    if not batch:
        nothing = np.empty((0, backend.embedding_dim), np.float32)
        return Block((), nothing, tuple(failures))
    images = np.stack([image for _, image in batch])
    try:
        embeddings = backend.embed(images)
    except EmbeddingError as error:
        if error.row is None:
            raise
        raise EmbeddingError(f"{batch[error.row][0].locator}: {error}", error.row) from error
    watch.see(images, embeddings)
    return Block(tuple(item for item, _ in batch), embeddings, tuple(failures))
