"""The embedder keeps order, goes on after a bad file, and never reads far ahead."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import Self

from clnet.runtime import embedder
from clnet.runtime import item as item_module
from clnet.runtime.embedder import embed_images, embed_items
from clnet.runtime.embeddings import check_unit
from clnet.runtime.errors import EmbeddingError, ShapeError
from clnet.runtime.images import read_image
from clnet.runtime.item import Item
from clnet.runtime.preprocess import Preprocess
from clnet.runtime.progress import Advance

Picture = Callable[..., Path]


class MeanColour:
    """A backend whose embedding is the mean colour, at unit length; it records its batches."""

    preprocess = Preprocess(view="ground", height=8, width=8)
    embedding_dim = 3

    def __init__(self) -> None:
        self.batches: list[int] = []

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.preprocess.check(images)
        self.batches.append(len(images))
        means = images.reshape(len(images), -1, 3).mean(axis=1) + 1
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to release."""


def pictures(picture: Picture, count: int) -> list[Item]:
    return [Item(str(n), picture(f"{n}.png", seed=n)) for n in range(count)]


def test_files_and_arrays_give_the_same_embeddings_in_order(picture: Picture) -> None:
    items = pictures(picture, 11)

    blocks = list(embed_items(MeanColour(), items, batch_size=4, decode_threads=3))

    assert [item for block in blocks for item in block.items] == items
    found = np.concatenate([block.embeddings for block in blocks])
    arrays = (read_image(item.path) for item in items)
    np.testing.assert_array_equal(found, embed_images(MeanColour(), arrays, batch_size=5))


def test_the_last_batch_holds_what_is_left(picture: Picture) -> None:
    backend = MeanColour()

    list(embed_items(backend, pictures(picture, 7), batch_size=3))

    assert backend.batches == [3, 3, 1]


def test_an_unreadable_image_does_not_stop_the_run(picture: Picture, tmp_path: Path) -> None:
    items = pictures(picture, 5)
    items[2].path.write_bytes(b"no image")
    items.insert(4, Item("gone", tmp_path / "gone.jpg"))

    blocks = list(embed_items(MeanColour(), items, batch_size=3))

    assert [[item.id for item in block.items] for block in blocks] == [["0", "1", "3"], ["4"]]
    failures = [failure for block in blocks for failure in block.failures]
    assert [failure.item.id for failure in failures] == ["2", "gone"]
    assert "gone.jpg: No such file" in failures[1].reason


def test_when_nothing_can_be_read_one_block_says_so(tmp_path: Path) -> None:
    (block,) = embed_items(MeanColour(), [Item("gone", tmp_path / "gone.jpg")])

    assert block.embeddings.shape == (0, 3)
    assert len(block.failures) == 1


def test_no_items_give_no_blocks() -> None:
    assert list(embed_items(MeanColour(), [])) == []


def test_few_images_are_decoded_before_the_backend_takes_them(
    picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Path] = []

    def count(path: Path) -> NDArray[np.uint8]:
        decoded.append(path)
        return read_image(path)

    monkeypatch.setattr(item_module, "read_image", count)
    blocks = embed_items(MeanColour(), pictures(picture, 40), batch_size=4)
    next(blocks)

    assert len(decoded) <= 4 * (1 + embedder.BATCHES_AHEAD) + 1
    blocks.close()


def test_the_decoding_threads_end_with_the_run(picture: Picture) -> None:
    blocks = embed_items(MeanColour(), pictures(picture, 9), batch_size=2)
    next(blocks)
    blocks.close()

    assert not [t for t in threading.enumerate() if t.name.startswith("clnet-decode")]


def test_progress_counts_failures_too(picture: Picture, tmp_path: Path) -> None:
    told: list[int] = []

    @contextmanager
    def progress(label: str, total: int | None, unit: str = "images") -> Iterator[Advance]:
        assert (label, total, unit) == ("embed", 4, "images")
        yield lambda count=1, **figures: told.append(count)

    items = [*pictures(picture, 3), Item("gone", tmp_path / "gone.jpg")]
    list(embed_items(MeanColour(), items, batch_size=2, progress=progress))

    assert sum(told) == 4


def test_a_stream_is_taken_only_as_far_ahead_as_allowed(picture: Picture) -> None:
    path, taken = picture("one.png"), []

    def endless() -> Iterator[Item]:
        for n in itertools.count():
            taken.append(n)
            yield Item(str(n), path)

    blocks = embed_items(MeanColour(), endless(), batch_size=4)
    next(blocks)

    assert len(taken) <= 4 * (1 + embedder.BATCHES_AHEAD) + 1
    blocks.close()


def test_failures_are_handed_on_and_not_gathered(tmp_path: Path) -> None:
    gone = (Item(str(n), tmp_path / "gone.jpg") for n in range(100))

    blocks = list(embed_items(MeanColour(), gone, batch_size=8))

    assert max(len(block.failures) for block in blocks) == 8
    assert sum(len(block.failures) for block in blocks) == 100


def test_an_image_whose_embedding_is_no_unit_vector_is_named(picture: Picture) -> None:
    class Broken(MeanColour):
        def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
            embeddings = super().embed(images)
            embeddings[1, 0] = np.nan
            check_unit("ground embeddings", embeddings)
            return embeddings

    with pytest.raises(EmbeddingError, match=r"1\.png: ground embeddings: .* got nan in row 1"):
        list(embed_items(Broken(), pictures(picture, 6), batch_size=3))


def test_a_network_that_gives_one_point_for_all_images_is_refused(picture: Picture) -> None:
    class Collapsed(MeanColour):
        def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.tile(np.float32([0.6, 0.8, 0.0]), (len(images), 1))

    with pytest.raises(EmbeddingError, match="different images gave one point"):
        list(embed_items(Collapsed(), pictures(picture, 12), batch_size=3))


def test_an_error_of_the_backend_ends_the_run(picture: Picture) -> None:
    class Broken(MeanColour):
        def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
            raise EmbeddingError("not finite")

    with pytest.raises(EmbeddingError, match="not finite"):
        list(embed_items(Broken(), pictures(picture, 6), batch_size=2))


def test_an_array_of_another_kind_is_refused() -> None:
    with pytest.raises(ShapeError, match="image: expected uint8"):
        embed_images(MeanColour(), [np.zeros((4, 4), np.uint8)])


def test_no_arrays_give_no_rows() -> None:
    assert embed_images(MeanColour(), []).shape == (0, 3)
