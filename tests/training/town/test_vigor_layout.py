"""The town in VIGOR's layout."""

from pathlib import Path

import pytest

from clnet.runtime.datasets import open_dataset
from clnet.runtime.errors import ConfigError
from clnet.training.town import TownConfig
from clnet.training.town.geography import to_metres
from clnet.training.town.layouts.vigor import CITIES, VigorLayout
from clnet.training.town.layouts.vigor_labels import offset_px

LABELS = ("pano_label_balanced", "same_area_balanced_train", "same_area_balanced_test")
TILES_A_CITY = 5 * 5


def lines(town: Path, city: str, name: str) -> list[str]:
    return (town / "splits" / city / f"{name}.txt").read_text().splitlines()


def degrees(name: str, between: str) -> tuple[float, float]:
    latitude, longitude = name.removesuffix(".jpg").removesuffix(".png").split(between)[1:3]
    return float(latitude), float(longitude)


def test_every_tile_of_the_grid_is_listed_once_and_stored(vigor_town: Path) -> None:
    for city in CITIES:
        listed = lines(vigor_town, city, "satellite_list")
        stored = {path.name for path in (vigor_town / city / "satellite").iterdir()}

        assert len(listed) == len(set(listed)) == TILES_A_CITY
        assert set(listed) == stored


def test_every_panorama_has_one_row_and_one_file(vigor_town: Path) -> None:
    for city in CITIES:
        listed = [row.split(" ")[0] for row in lines(vigor_town, city, LABELS[0])]
        stored = {path.name for path in (vigor_town / city / "panorama").iterdir()}

        assert len(listed) == len(stored)
        assert set(listed) == stored


def test_training_and_test_rows_share_the_city_out(vigor_town: Path) -> None:
    counts = []
    for city in CITIES:
        both, train, test = (lines(vigor_town, city, name) for name in LABELS)
        assert sorted(train + test) == sorted(both)
        counts.append((len(train), len(test)))

    assert counts == [(3, 2), (2, 2), (2, 1), (2, 1)]


def test_rows_have_13_fields_and_name_listed_tiles(vigor_town: Path) -> None:
    for city in CITIES:
        tiles = set(lines(vigor_town, city, "satellite_list"))
        for row in lines(vigor_town, city, LABELS[0]):
            fields = row.split(" ")
            assert len(fields) == 13
            assert len({*fields[1::3]}) == 4
            assert set(fields[1::3]) <= tiles


def test_a_panorama_lies_in_the_central_quarter_of_its_positive(vigor_town: Path) -> None:
    for city in CITIES:
        for row in lines(vigor_town, city, LABELS[0]):
            assert max(abs(float(offset)) for offset in row.split(" ")[2:4]) <= 160.0


def test_offsets_agree_with_the_coordinates_in_the_names(vigor_town: Path) -> None:
    for city in CITIES:
        for row in lines(vigor_town, city, LABELS[0]):
            panorama, *fields = row.split(" ")
            for tile, dy, dx in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
                east_m, south_m = to_metres(degrees(tile, "_"), *degrees(panorama, ","))
                assert float(dy) == pytest.approx(south_m * 10, abs=1.0)
                assert float(dx) == pytest.approx(-east_m * 10, abs=1.0)


def test_offsets_grow_southwards_and_westwards() -> None:
    assert offset_px((-3.0, 4.0), 64.0) == (40.0, 30.0)


def test_corrected_labels_are_the_published_ones(vigor_town: Path) -> None:
    for city in CITIES:
        for name in LABELS:
            corrected = vigor_town / "splits__corrected" / city / f"{name}__corrected.txt"
            assert corrected.read_text().splitlines() == lines(vigor_town, city, name)


def test_no_two_cities_share_a_world(tiny: TownConfig) -> None:
    larger = tiny.model_copy(update={"places": 60, "places_per_world": 4})
    assignments = VigorLayout().assign(larger)

    assert len({part.seeds for part in assignments}) == len(assignments) == 18
    assert sum(part.count for part in assignments) == 66


def test_the_loader_reads_both_divisions(vigor_town: Path) -> None:
    counts = {
        (area, split): len(open_dataset(vigor_town, "vigor", area=area).places(split))
        for area in ("same", "cross")
        for split in ("train", "test")
    }

    assert counts == {
        ("same", "train"): 9,
        ("same", "test"): 6,
        ("cross", "train"): 4 + 3,
        ("cross", "test"): 5 + 3,
    }


def test_the_loader_puts_every_tile_into_the_gallery(vigor_town: Path) -> None:
    (task,) = open_dataset(vigor_town, "vigor", labels="corrected").tasks("test")

    assert len(task.gallery) == 4 * TILES_A_CITY
    assert all(picture.path.is_file() for picture in (*task.queries, *task.gallery))


def test_fewer_places_than_cities_are_refused(tiny: TownConfig) -> None:
    with pytest.raises(ConfigError, match="4 cities"):
        VigorLayout().assign(tiny.model_copy(update={"places": 3}))


def test_a_world_that_tiles_do_not_fill_is_refused(tiny: TownConfig) -> None:
    with pytest.raises(ConfigError, match="multiple"):
        VigorLayout().assign(tiny.model_copy(update={"world_side_m": 200.0}))
