"""Seattle's published, corrected lists."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.datasets import Faults
from clnet.runtime.datasets.vigor.city import City, read_city
from clnet.runtime.datasets.vigor.files import CityFiles
from clnet.runtime.datasets.vigor.labels import read_labels, read_tiles

SPLITS = Path(__file__).parents[4] / "shared" / "data" / "splits" / "vigor"
SEATTLE = CityFiles(
    "Seattle",
    Path("Seattle/panorama"),
    Path("Seattle/satellite"),
    SPLITS / "splits__corrected/Seattle/same_area_balanced_test__corrected.txt",
)

pytestmark = pytest.mark.skipif(
    not SPLITS.is_dir(), reason="the real split files are not on this machine"
)

WORLD_PX = 256 * 2**20
"""Width of the Web Mercator map at zoom 20."""


@pytest.fixture(scope="module")
def seattle() -> City:
    return read_city(SEATTLE, Faults())


def test_the_lists_parse_whole(seattle: City) -> None:
    assert len(seattle.places) == 11_875
    assert len(seattle.tiles) == 20_776


def test_a_tile_may_be_the_positive_of_several_panoramas_and_most_are_of_none(
    seattle: City,
) -> None:
    positives = {place.tile for place in seattle.places}

    assert len(positives) == 8967
    assert positives < seattle.tiles.keys()


def on_map(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project [..., 2] latitudes and longitudes: rows and columns at zoom 20."""
    south = 0.5 - np.arctanh(np.sin(np.radians(degrees[..., 0]))) / (2 * np.pi)
    return WORLD_PX * np.stack([south, degrees[..., 1] / 360 + 0.5], axis=-1)


def test_coordinates_and_offsets_agree_within_five_pixels_of_web_mercator() -> None:
    tiles = {
        name: (latitude, longitude)
        for name, latitude, longitude, _ in read_tiles(SEATTLE.tile_list, Faults())
    }
    labels = list(read_labels(SEATTLE.labels, Faults()))
    cameras = on_map(np.array([[(label.latitude, label.longitude)] for label in labels]))
    centres = on_map(np.array([[tiles[name] for name in label.tiles] for label in labels]))
    offsets = np.array([label.offsets for label in labels])

    apart = (cameras - centres) * [1, -1]

    assert np.abs(apart - offsets).max() < 5
    assert np.abs(offsets[:, 0]).max() < 184
    assert np.abs(offsets).max() < 367


def test_the_positive_is_the_nearest_tile_of_nearly_every_panorama() -> None:
    offsets = np.array([label.offsets for label in read_labels(SEATTLE.labels, Faults())])

    assert (np.hypot(*offsets.transpose(2, 0, 1)).argmin(axis=1) == 0).mean() > 0.999
