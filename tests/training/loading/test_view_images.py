import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import Preprocess
from clnet.runtime.datasets import Place
from clnet.runtime.images import read_image
from clnet.training.loading import ViewImages

TILE = Preprocess(view="satellite", height=64, width=64)


def tiles(places: list[Place]) -> ViewImages:
    return ViewImages([place.satellite for place in places], TILE)


def test_images_come_in_the_order_they_are_asked_for(places: list[Place]) -> None:
    loaded = tiles(places).load(np.array([5, 2, 5]))

    for image, row in zip(loaded, (5, 2, 5), strict=True):
        np.testing.assert_array_equal(image, TILE.fit(read_image(places[row].satellite)))


def test_kept_images_are_the_decoded_ones(places: list[Place]) -> None:
    repeated = [places[3], places[1], places[3], places[2]]
    decoded, kept = tiles(repeated), tiles(repeated)
    kept.keep()

    rows = np.array([2, 3, 0, 1])
    np.testing.assert_array_equal(kept.load(rows), decoded.load(rows))


def test_kept_images_do_not_change_with_what_was_loaded(places: list[Place]) -> None:
    images = tiles(places)
    images.keep()
    before = images.load(np.array([1]))
    images.load(np.array([1]))[:] = 0

    np.testing.assert_array_equal(images.load(np.array([1])), before)
