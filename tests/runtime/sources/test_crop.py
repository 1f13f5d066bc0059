"""A command's heading and field of view reach the photographs that have none of their own."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from clnet.runtime.errors import ConfigError, DataError
from clnet.runtime.item import Item
from clnet.runtime.panorama import NORTH_CENTRED, Crop, Panorama
from clnet.runtime.preprocess import Preprocess
from clnet.runtime.sources import with_crop

GROUND = Preprocess(view="ground", height=8, width=32, panorama=NORTH_CENTRED)
SATELLITE = Preprocess(view="satellite", height=8, width=8)

PHOTO = Path("photo.jpg")
ITEMS = (
    Item("bare", PHOTO),
    Item("turned", PHOTO, heading_deg=10.0),
    Item("whole", PHOTO, heading_deg=20.0, fov_deg=50.0),
)


def crops(items: Sequence[Item]) -> list[Crop | None]:
    return [item.crop for item in items]


def test_an_items_own_angles_come_first() -> None:
    items = with_crop(ITEMS, GROUND, heading_deg=0, fov_deg=90)

    assert crops(items) == [Crop(0, 90), Crop(10, 90), Crop(20, 50)]
    assert [item.id for item in items] == ["bare", "turned", "whole"]


def test_the_projection_is_every_photographs() -> None:
    items = with_crop(ITEMS[2:], GROUND, projection="pinhole")

    assert crops(items) == [Crop(20, 50, "pinhole")]


def test_without_options_a_heading_alone_places_nothing() -> None:
    assert crops(with_crop(ITEMS, GROUND)) == [None, None, Crop(20, 50)]


def test_a_tile_has_no_heading_whatever_its_table_says() -> None:
    assert crops(with_crop(ITEMS, SATELLITE)) == [None, None, None]


def test_options_for_a_satellite_view_are_refused() -> None:
    with pytest.raises(ConfigError, match="heading, fov and projection are for --view ground"):
        with_crop(ITEMS, SATELLITE, fov_deg=90)


def test_half_an_answer_is_refused_before_anything_is_embedded() -> None:
    with pytest.raises(DataError, match=r"^bare: .* got heading None, fov 90; give --heading"):
        with_crop(ITEMS, GROUND, fov_deg=90)


def test_angles_that_no_photograph_has_are_refused_before_anything_is_embedded() -> None:
    with pytest.raises(DataError, match="fov 400 is not a number of degrees above 0"):
        with_crop(ITEMS, GROUND, heading_deg=0, fov_deg=400)


@pytest.mark.parametrize("panorama", [None, Panorama()])
def test_a_network_that_knows_no_north_takes_no_photograph_with_angles(
    panorama: Panorama | None,
) -> None:
    blind = GROUND.model_copy(update={"panorama": panorama})

    assert crops(with_crop(ITEMS[:2], blind)) == [None, None]
    with pytest.raises(ConfigError, match="does not say where its panoramas look"):
        with_crop(ITEMS, blind)
