"""The town in University-1652's layout, read back by its own reader."""

from pathlib import Path

import cv2
import pytest

from clnet.runtime.datasets.faults import Faults
from clnet.runtime.datasets.university1652 import University1652
from clnet.runtime.errors import DataError
from clnet.training.town import TownConfig, write_town
from clnet.training.town.layouts.university1652 import (
    University1652Layout,
    held_out,
    is_distractor,
    most_a_world,
)
from clnet.training.town.survey import survey_world


@pytest.fixture(scope="module")
def config(tiny: TownConfig) -> TownConfig:
    return tiny.model_copy(update={"drone_images": 4})


@pytest.fixture(scope="module")
def town(config: TownConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("university1652") / "town"
    write_town(config, out, layout="university1652", workers=1)
    return out


@pytest.fixture(scope="module")
def dataset(town: Path) -> University1652:
    return University1652(town, Faults())


def buildings(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_every_drone_image_is_a_training_pair(dataset: University1652, config: TownConfig) -> None:
    places = dataset.places("train")

    assert len(places) == config.places * config.drone_images
    assert {place.tile for place in places} == {f"{id_:04d}" for id_ in range(1, config.places + 1)}
    assert all(place.satellite.name == f"{place.tile}.jpg" for place in places)


def test_both_directions_are_asked(dataset: University1652, config: TownConfig) -> None:
    to_satellite, to_drone = dataset.tasks("test")

    assert len(to_satellite.queries) == config.test_places * config.drone_images
    assert len(to_satellite.gallery) == held_out(config)
    assert len(to_drone.queries) == config.test_places
    assert len(to_drone.gallery) == held_out(config) * config.drone_images


def test_distractors_stand_in_galleries_alone(town: Path, config: TownConfig) -> None:
    test = town / "test"

    distractors = buildings(test / "gallery_satellite") - buildings(test / "query_satellite")
    assert len(distractors) == held_out(config) - config.test_places > 0
    assert distractors == buildings(test / "gallery_drone") - buildings(test / "query_drone")


def test_no_building_is_both_trained_on_and_asked_for(town: Path) -> None:
    asked = buildings(town / "test/gallery_satellite")

    assert not asked & buildings(town / "train/satellite")


def test_queries_are_the_same_pictures_in_the_gallery(town: Path) -> None:
    queries = sorted((town / "test/query_drone").rglob("*.jpeg"))

    for query in queries:
        twin = town / "test/gallery_drone" / query.parent.name / query.name
        assert query.read_bytes() == twin.read_bytes()


def test_names_and_sizes_are_the_benchmarks(town: Path, config: TownConfig) -> None:
    drone = sorted(path.name for path in (town / "train/drone/0003").iterdir())

    assert drone == [f"image-{image:02d}.jpeg" for image in range(1, config.drone_images + 1)]
    for name in ("train/satellite/0003/0003.jpg", "train/drone/0003/image-04.jpeg"):
        picture = cv2.imread(str(town / name))
        assert picture is not None
        assert picture.shape == (config.tile_size, config.tile_size, 3)


def test_buildings_are_seen_from_the_street(town: Path) -> None:
    names = {path.name for path in (town / "train/street").rglob("*.jpg")}

    assert names == {"1.jpg", "2.jpg"}


def test_a_place_is_the_middle_of_a_building(config: TownConfig) -> None:
    for part in University1652Layout().assign(config):
        survey = survey_world(config, part)

        for east_m, south_m in survey.places():
            cell = int(south_m / config.cell_m), int(east_m / config.cell_m)
            assert survey.world.solid_m[cell] > 0


def test_the_share_of_distractors_is_the_benchmarks() -> None:
    config = TownConfig(places=701, test_places=701)

    ids = range(702, 702 + held_out(config))
    assert len(ids) == 951
    assert sum(is_distractor(id_, config) for id_ in ids) == 250


def test_distractors_are_spread_over_the_test_worlds() -> None:
    config = TownConfig(places=10, test_places=400)
    worlds = [w for w in University1652Layout().assign(config) if w.stream == "val"]

    assert len(worlds) > 3
    for world in worlds:
        ids = range(world.first_id, world.first_id + world.count)
        share = sum(is_distractor(id_, config) for id_ in ids) / len(ids)
        assert share == pytest.approx(250 / 951, abs=0.05)


def test_more_buildings_than_four_digits_name_are_refused() -> None:
    with pytest.raises(DataError, match="at most 9999"):
        University1652Layout().assign(TownConfig(places=9000, test_places=800))


def test_worlds_are_asked_for_fewer_buildings_than_places() -> None:
    config = TownConfig()

    parts = University1652Layout().assign(config)

    assert max(part.count for part in parts) <= most_a_world(config) < config.places_per_world
