"""One point for different images is a collapse; one point for images that are alike is not."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.collapse import CollapseWatch
from clnet.runtime.embeddings import COLLAPSE_ROWS
from clnet.runtime.errors import EmbeddingError

Rows = Callable[..., NDArray[np.float32]]


def images(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Draw images that differ."""
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)


def sea(count: int) -> NDArray[np.uint8]:
    """Draw images that differ by the noise of a JPEG."""
    return (images(count) // 64 + 30).astype(np.uint8)


def one_point(count: int, unit_rows: Rows) -> NDArray[np.float32]:
    return np.repeat(unit_rows(1), count, axis=0)


@pytest.mark.parametrize("batch", [1, 3, COLLAPSE_ROWS])
def test_different_images_at_one_point_are_a_collapse(batch: int, unit_rows: Rows) -> None:
    watch = CollapseWatch("tiles")

    def run() -> None:
        for n in range(COLLAPSE_ROWS):
            watch.see(images(batch, seed=n), one_point(batch, unit_rows))

    with pytest.raises(EmbeddingError, match=r"tiles: \d different images gave one point"):
        run()


def test_tiles_of_the_sea_may_all_be_one_point(unit_rows: Rows) -> None:
    watch = CollapseWatch("tiles")

    for _ in range(5):
        watch.see(sea(64), one_point(64, unit_rows))


def test_land_after_the_sea_is_judged(unit_rows: Rows) -> None:
    watch = CollapseWatch("tiles")
    watch.see(sea(64), one_point(64, unit_rows))

    with pytest.raises(EmbeddingError, match="one point"):
        watch.see(images(COLLAPSE_ROWS - 1), one_point(COLLAPSE_ROWS - 1, unit_rows))


def test_a_few_different_images_at_one_point_are_no_proof(unit_rows: Rows) -> None:
    CollapseWatch("tiles").see(images(COLLAPSE_ROWS - 1), one_point(COLLAPSE_ROWS - 1, unit_rows))


def test_a_network_that_told_two_images_apart_is_sound(unit_rows: Rows) -> None:
    watch = CollapseWatch("tiles")
    watch.see(images(2), unit_rows(2))

    watch.see(images(64), one_point(64, unit_rows))
