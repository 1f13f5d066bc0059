"""Where VIGOR's images and lists may lie; what is none of it is one error."""

import shutil
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime import DataError
from clnet.runtime.datasets import Faults, Labels
from clnet.runtime.datasets.vigor import Vigor

CITIES = ("NewYork", "Seattle", "SanFrancisco", "Chicago")
TILES = [f"satellite_1.{number}_2.0.png" for number in range(4)]

PUBLISHED = ("{city}/panorama", "{city}/satellite")
SAMPLE4GEO = ("ground/{city}", "satellite/{city}")


def write(
    root: Path,
    images: tuple[str, str] = PUBLISHED,
    lists: str = "splits/{city}",
    suffix: str = "",
    cities: Collection[str] = CITIES,
) -> Path:
    """Write cities of one panorama each."""
    for city in cities:
        for folder in (*images, lists):
            (root / folder.format(city=city)).mkdir(parents=True, exist_ok=True)
        tiles = [tile.replace("_1.", f"_{CITIES.index(city)}1.") for tile in TILES]
        row = " ".join([f"{city},1.0,2.0,.jpg", *(f"{tile} 1.0 2.0" for tile in tiles)])
        listed = root / lists.format(city=city)
        (listed / "satellite_list.txt").write_text("\n".join(tiles))
        for name in ("same_area_balanced_train", "same_area_balanced_test", "pano_label_balanced"):
            (listed / f"{name}{suffix}.txt").write_text(row)
    return root


@pytest.mark.parametrize(
    ("images", "ground", "satellite"),
    [
        pytest.param(PUBLISHED, "Seattle/panorama", "Seattle/satellite", id="published"),
        pytest.param(SAMPLE4GEO, "ground/Seattle", "satellite/Seattle", id="sample4geo"),
    ],
)
def test_images_are_found_in_either_way_of_keeping_them(
    tmp_path: Path, images: tuple[str, str], ground: str, satellite: str
) -> None:
    place = Vigor(write(tmp_path, images), Faults()).places("test")[1]

    assert place.ground.parent == tmp_path / ground
    assert place.satellite.parent == tmp_path / satellite


@pytest.mark.parametrize(
    ("labels", "lists", "suffix"),
    [
        ("original", "splits/{city}", ""),
        ("original", "{city}", ""),
        ("corrected", "splits__corrected/{city}", "__corrected"),
        ("corrected", "splits__corrected/{city}", ""),
        ("corrected", "splits/{city}", "__corrected"),
        ("corrected", "{city}", "__corrected"),
    ],
)
@pytest.mark.parametrize("images", [PUBLISHED, SAMPLE4GEO])
def test_lists_are_found_wherever_they_are_kept_and_each_place_names_its_own(
    tmp_path: Path, images: tuple[str, str], labels: Labels, lists: str, suffix: str
) -> None:
    write(tmp_path, images, lists, suffix)

    place = Vigor(tmp_path, Faults(), labels=labels).places("train")[1]

    folder = tmp_path / lists.format(city="Seattle")
    assert place.row == f"{folder}/same_area_balanced_train{suffix}.txt row 1"


def test_original_labels_are_never_read_for_corrected_ones(tmp_path: Path) -> None:
    write(tmp_path)

    with pytest.raises(DataError, match=r"no list splits__corrected/<City>/.*--labels original"):
        Vigor(tmp_path, Faults(), labels="corrected").places("test")


def test_corrected_labels_are_never_read_for_original_ones(tmp_path: Path) -> None:
    write(tmp_path, suffix="__corrected")

    with pytest.raises(DataError, match=r"no list splits/<City>/.*--labels corrected"):
        Vigor(tmp_path, Faults()).places("test")


def test_both_kinds_of_labels_may_lie_side_by_side(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, lists="splits__corrected/{city}", suffix="__corrected")

    original = Vigor(tmp_path, Faults()).places("test")[0]
    corrected = Vigor(tmp_path, Faults(), labels="corrected").places("test")[0]

    assert "/splits/" in original.row
    assert "/splits__corrected/" in corrected.row


def test_a_folder_without_vigor_is_one_error_that_says_what_was_looked_for(
    tmp_path: Path,
) -> None:
    with pytest.raises(DataError) as refusal:
        Vigor(tmp_path, Faults(skip=True)).places("test")

    for sought in ("<City>/panorama", "<City>/satellite", "ground/<City>", "satellite/<City>"):
        assert sought in str(refusal.value)


def test_images_kept_in_both_ways_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, SAMPLE4GEO)

    with pytest.raises(DataError, match=r"images lie in .* and in .*; one layout is read"):
        Vigor(tmp_path, Faults()).places("test")


@settings(max_examples=20)
@given(present=st.sets(st.sampled_from(CITIES), min_size=1, max_size=3))
def test_an_incomplete_split_names_every_missing_city(present: set[str]) -> None:
    with TemporaryDirectory() as folder:
        root = write(Path(folder), cities=present)

        with pytest.raises(DataError, match=f"{len(present)} of 4 cities") as refusal:
            Vigor(root, Faults()).places("test")

    for city in CITIES:
        assert (city in str(refusal.value)) == (city not in present)


@settings(max_examples=20)
@given(present=st.sets(st.sampled_from(CITIES), min_size=1, max_size=3))
def test_an_incomplete_split_is_read_on_demand_and_listed(present: set[str]) -> None:
    with TemporaryDirectory() as folder:
        root, faults = write(Path(folder), cities=present), Faults(skip=True)

        places = Vigor(root, faults).places("test")

    assert {place.id for place in places} == present
    assert len(faults.broken) == 1


def test_a_division_needs_its_own_cities_only(tmp_path: Path) -> None:
    write(tmp_path, cities=("NewYork", "Seattle"))

    assert len(Vigor(tmp_path, Faults(), "cross").places("train")) == 2
    with pytest.raises(DataError, match="of SanFrancisco, Chicago"):
        Vigor(tmp_path, Faults(), "cross").places("test")


def test_a_city_without_its_list_of_tiles_is_missing(tmp_path: Path) -> None:
    (write(tmp_path) / "splits/Seattle/satellite_list.txt").unlink()

    with pytest.raises(DataError, match=r"no satellite_list\.txt beside .* of Seattle"):
        Vigor(tmp_path, Faults()).places("test")


def test_lists_without_any_city_are_refused_even_on_demand(tmp_path: Path) -> None:
    shutil.rmtree(write(tmp_path) / "splits")

    with pytest.raises(DataError, match="0 of 4 cities"):
        Vigor(tmp_path, Faults(skip=True)).places("test")
