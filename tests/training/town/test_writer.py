"""What write_town leaves on disk."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from clnet.runtime.errors import ClnetError, DataError
from clnet.training.town import TownConfig, write_town
from clnet.training.town.geography import to_metres, world_corner
from clnet.training.town.layouts.cvusa import ORIGIN, CvusaLayout
from clnet.training.town.survey import survey_world

SMALL = TownConfig(
    places=6,
    test_places=3,
    seed=5,
    world_side_m=192.0,
    cell_m=0.5,
    places_per_world=4,
    test_places_per_world=3,
    panorama_height=16,
    panorama_width=64,
    tile_size=32,
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("town") / "out"
    write_town(SMALL, out, workers=1)
    return out


def shape_of(path: Path) -> tuple[int, ...]:
    picture = cv2.imread(str(path))
    assert picture is not None
    return tuple(picture.shape)


def test_another_seed_gives_another_town(town: Path, tmp_path: Path) -> None:
    one_place = {"places": 1, "test_places": 0, "seed": 6}
    write_town(SMALL.model_copy(update=one_place), tmp_path / "other", workers=1)

    name = "bingmap/19/0000001.jpg"
    assert (tmp_path / "other" / name).read_bytes() != (town / name).read_bytes()


def test_every_listed_pair_exists_in_its_size(town: Path) -> None:
    rows = [
        row.split(",")
        for name in ("train-19zl.csv", "val-19zl.csv")
        for row in (town / "splits" / name).read_text().splitlines()
    ]

    assert len(rows) == 9
    for satellite, ground, _ in rows:
        assert shape_of(town / satellite) == (32, 32, 3)
        assert shape_of(town / ground) == (16, 64, 3)


def test_the_val_split_follows_the_training_places(town: Path) -> None:
    rows = (town / "splits/val-19zl.csv").read_text().splitlines()

    assert rows[0] == (
        "bingmap/19/0000007.jpg,streetview/panos/0000007.jpg,streetview/annotations/0000007.png"
    )
    assert len(rows) == 3


def test_coordinates_lead_back_to_the_metres(town: Path) -> None:
    rows = np.loadtxt(town / "all.csv", delimiter=",")
    survey = survey_world(SMALL, CvusaLayout().assign(SMALL)[-1])
    corner = world_corner(ORIGIN, 0, survey.world.side_m, held_out=True)

    for row, place_m in zip(rows[6:], survey.places_m, strict=True):
        assert to_metres(corner, row[2], row[3]) == pytest.approx(tuple(place_m), abs=0.001)
        offset = np.array(to_metres(corner, row[0], row[1])) - place_m
        assert 0 < np.abs(offset).max() <= SMALL.hardness.tile_offset_m + 0.001


def test_the_record_holds_the_configuration(town: Path) -> None:
    record = json.loads((town / "town.json").read_text())

    assert TownConfig.model_validate(record["config"]) == SMALL
    assert record["layout"] == "cvusa"


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")

    with pytest.raises(ClnetError, match="exists already"):
        write_town(SMALL, tmp_path, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_too_many_places_for_a_world_are_refused(tmp_path: Path) -> None:
    crowded = SMALL.model_copy(update={"places": 5000, "places_per_world": 5000, "test_places": 0})

    with pytest.raises(DataError, match="5000 are wanted"):
        write_town(crowded, tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()


def test_ids_count_up_without_gaps_over_all_worlds() -> None:
    assignments = CvusaLayout().assign(SMALL)

    assert [(part.stream, part.first_id, part.count) for part in assignments] == [
        ("train", 1, 4),
        ("train", 5, 2),
        ("val", 7, 3),
    ]


def test_no_two_worlds_lie_on_the_same_land() -> None:
    corners = [
        world_corner(ORIGIN, k, 640.0, held_out=held) for k in range(90) for held in (False, True)
    ]

    metres = np.array([to_metres(corners[0], *corner) for corner in corners])
    gaps = np.abs(metres[:, None] - metres).max(axis=-1) + np.eye(len(metres)) * 1e9
    assert gaps.min() > 640.0
