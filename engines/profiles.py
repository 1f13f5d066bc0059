"""Which inputs an engine shall take."""

from collections.abc import Iterator

from ..runtime.engine.config import MAX_K, BranchConfig, BuildConfig, MatcherConfig
from ..runtime.engine.contract import TensorRecord
from ..runtime.engine.profile import Profile, Range
from ..runtime.errors import ArtifactError
from .adapter import Adapter


def profiles_of(
    inputs: tuple[TensorRecord, ...], adapter: Adapter, config: BuildConfig
) -> tuple[Profile, ...]:
    """
    Choose the optimization profiles of a network.

    Args:
        inputs: its inputs; of a matcher, after its contract was checked.
        adapter: the flavour, which knows what serves classes of batches best.
        config: the classes; a branch of a fixed batch has that one alone.

    Raises:
        ArtifactError: a branch has a dynamic dimension besides the batch.

    """
    if isinstance(config, MatcherConfig):
        return tuple(_search(inputs, config, *sizes) for sizes in _classes(config.queries, adapter))
    return tuple(_batch(inputs, *sizes) for sizes in _batches(inputs, config, adapter))


def _classes(classes: tuple[int, ...], adapter: Adapter) -> Iterator[tuple[int, int, int]]:
    if adapter.one_profile:
        yield 1, classes[len(classes) // 2], classes[-1]
    else:
        yield from ((1, size, size) for size in classes)


def _batches(
    inputs: tuple[TensorRecord, ...], config: BranchConfig, adapter: Adapter
) -> Iterator[tuple[int, int, int]]:
    for tensor in inputs:
        if not tensor.shape or min(tensor.shape[1:], default=1) < 0:
            raise ArtifactError(
                f"input {tensor.name}: only the batch may be dynamic, got {list(tensor.shape)}; "
                "export it with a fixed height and width"
            )
    batch = inputs[0].shape[0]
    yield from _classes(config.batches, adapter) if batch == -1 else [(batch, batch, batch)]


def _batch(inputs: tuple[TensorRecord, ...], *sizes: int) -> Profile:
    return Profile(shapes={tensor.name: _rows(tensor, *sizes) for tensor in inputs})


def _search(inputs: tuple[TensorRecord, ...], config: MatcherConfig, *sizes: int) -> Profile:
    queries, gallery, k = inputs
    rows = config.gallery_rows
    return Profile(
        shapes={queries.name: _rows(queries, *sizes), gallery.name: _rows(gallery, 1, rows, rows)},
        values={k.name: Range(min=(1,), opt=(config.top_k,), max=(MAX_K,))},
    )


def _rows(tensor: TensorRecord, low: int, middle: int, high: int) -> Range:
    first, *rest = tensor.shape
    if first != -1:
        low = middle = high = first
    return Range(min=(low, *rest), opt=(middle, *rest), max=(high, *rest))
