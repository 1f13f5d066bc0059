"""University-1652's folders as places and as tasks of two directions."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime import ConfigError, DataError
from clnet.runtime.datasets import Faults, Task
from clnet.runtime.datasets.university1652 import University1652


def write(
    root: Path, folder: str, images: Mapping[str, int], name: str = "image-{:02}.jpeg"
) -> None:
    """Write so many images of each building."""
    for building, count in images.items():
        (root / folder / building).mkdir(parents=True)
        for number in range(1, count + 1):
            (root / folder / building / name.format(number)).touch()


def add(root: Path, path: str) -> None:
    """Make a file, or a folder where the path ends so."""
    if path.endswith("/"):
        (root / path).mkdir(parents=True)
    else:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def write_test(root: Path, asked: Mapping[str, int], distractors: Mapping[str, int]) -> None:
    """Write a test split; the counts are those of drone images."""
    everything = {**asked, **distractors}
    write(root, "test/query_drone", asked)
    write(root, "test/query_satellite", dict.fromkeys(asked, 1), "tile.jpg")
    write(root, "test/gallery_drone", everything)
    write(root, "test/gallery_satellite", dict.fromkeys(everything, 1), "tile.jpg")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two training buildings; two test buildings with two distractors around them."""
    write(tmp_path, "train/drone", {"0839": 2, "0842": 3})
    write(tmp_path, "train/satellite", {"0839": 1, "0842": 1}, "tile.jpg")
    write_test(tmp_path, {"0002": 2, "0004": 1}, {"0001": 3, "0003": 1})
    return tmp_path


def answers(task: Task, query: int) -> list[str]:
    return [task.gallery[row].id for row in task.protocols[0].right.of_query(query)]


def test_a_place_is_a_drone_image_with_the_tile_of_its_building(root: Path) -> None:
    places = University1652(root, Faults()).places("train")

    assert [place.id for place in places[1:3]] == ["0839/image-02", "0842/image-01"]
    assert places[1].ground == root / "train/drone/0839/image-02.jpeg"
    assert places[1].satellite == root / "train/satellite/0839/tile.jpg"
    assert [place.tile for place in places] == ["0839"] * 2 + ["0842"] * 3


def test_there_are_no_coordinates(root: Path) -> None:
    place = University1652(root, Faults()).places("train")[0]

    assert (place.latitude, place.longitude, place.tile_latitude) == (None, None, None)


def test_test_places_are_the_drone_queries_with_tiles_of_the_gallery(root: Path) -> None:
    dataset = University1652(root, Faults())
    places = dataset.places(dataset.held_out)

    assert [place.id for place in places] == ["0002/image-01", "0002/image-02", "0004/image-01"]
    assert places[2].satellite == root / "test/gallery_satellite/0004/tile.jpg"


def test_the_drone_asks_and_the_satellite_asks(root: Path) -> None:
    drone, satellite = University1652(root, Faults()).tasks("test")

    assert drone.name == "University-1652 drone to satellite"
    assert (drone.query_view, len(drone.queries), len(drone.gallery)) == ("ground", 3, 4)
    assert answers(drone, 2) == ["0004/tile"]
    assert satellite.name == "University-1652 satellite to drone"
    assert (satellite.query_view, len(satellite.queries)) == ("satellite", 2)
    assert answers(satellite, 0) == ["0002/image-01", "0002/image-02"]
    assert satellite.gallery[0].path == root / "test/gallery_drone/0001/image-01.jpeg"


def test_train_is_asked_in_both_directions_under_names_of_its_own(root: Path) -> None:
    drone, satellite = University1652(root, Faults()).tasks("train")

    assert drone.name == "University-1652 train drone to satellite"
    assert satellite.name == "University-1652 train satellite to drone"
    assert answers(satellite, 1) == [f"0842/image-{number:02}" for number in (1, 2, 3)]


def test_distractors_are_kept_first_and_dropped_second(root: Path) -> None:
    for task in University1652(root, Faults()).tasks("test"):
        kept, dropped = task.protocols

        assert (kept.name, kept.kept) == ("distractors kept", None)
        assert dropped.name == "distractors dropped"
        assert dropped.kept is not None
        assert {task.gallery[row].group for row in dropped.kept} == {"0002", "0004"}
        assert {kept.figures, dropped.figures} == {"cmc-and-ap"}


def test_scores_can_be_averaged_over_buildings(root: Path) -> None:
    (task, _) = University1652(root, Faults()).tasks("test")

    assert [query.group for query in task.queries] == ["0002", "0002", "0004"]


def test_street_views_and_other_files_are_not_looked_at(root: Path) -> None:
    for folder in ("train/street/0839", "test/4K_drone/0001", "train/drone/0839/deeper"):
        add(root, f"{folder}/1.jpg")
    for stray in ("Thumbs.db", "._image-01.jpeg", ".DS_Store", "../notes.txt", "../0840.jpg"):
        add(root, f"train/drone/0839/{stray}")

    assert len(University1652(root, Faults()).places("train")) == 5


@pytest.mark.parametrize("suffix", [".JPG", ".Jpeg", ".png"])
def test_suffixes_are_read_in_either_case(root: Path, suffix: str) -> None:
    (root / f"train/drone/0839/image-09{suffix}").touch()

    assert University1652(root, Faults()).places("train")[2].id == "0839/image-09"


def test_there_is_no_val_split(root: Path) -> None:
    with pytest.raises(ConfigError, match="University-1652 has no val split: train and test"):
        University1652(root, Faults()).tasks("val")


BROKEN = [
    pytest.param("train/drone/0999/", r"drone/0999: no images; expected at least one", id="empty"),
    pytest.param("train/drone/0999/1.jpg", "0999 is not in train/satellite", id="without-tile"),
    pytest.param("train/satellite/0999/1.jpg", "0999 is not in train/drone", id="without-drone"),
    pytest.param(
        "train/satellite/0839/second.jpg", r"expected one tile .*/0839/second\.jpg", id="two-tiles"
    ),
    pytest.param(
        "train/drone/0839/image-02.png", r"image-02\.png: image-02\.jpeg is there", id="one-name"
    ),
]


@pytest.mark.parametrize(("path", "message"), BROKEN)
def test_a_broken_building_is_refused_by_folder_and_remedy(
    root: Path, path: str, message: str
) -> None:
    add(root, path)

    with pytest.raises(DataError, match=f"{message}.*--skip-broken"):
        University1652(root, Faults()).places("train")


@pytest.mark.parametrize(("path", "message"), BROKEN)
def test_a_broken_building_is_left_out_and_listed_on_demand(
    root: Path, path: str, message: str
) -> None:
    whole = University1652(root, Faults())
    sound = [place.id for place in whole.places("train")]
    add(root, path)
    faults = Faults(skip=True)

    places = University1652(root, faults).places("train")

    assert [place.id for place in places] == sound
    assert len(faults.broken) == 1


def test_a_query_without_its_building_in_the_gallery_is_a_fault_a_building(root: Path) -> None:
    write(root, "test/query_drone", {"0005": 9})
    faults = Faults(skip=True)

    drone, _ = University1652(root, faults).tasks("test")

    assert len(drone.queries) == 3
    assert len(faults.broken) == 1
    assert "query_drone/0005: building 0005 is not in test/gallery_satellite" in faults.broken[0]


@pytest.mark.parametrize("folder", ["query_drone", "gallery_satellite", "query_satellite"])
def test_a_missing_folder_is_one_error_that_names_it(root: Path, folder: str) -> None:
    (root / "test" / folder).rename(root / "elsewhere")

    with pytest.raises(DataError, match=rf"cannot list .*/test/{folder}: .*University-1652's"):
        University1652(root, Faults(skip=True)).tasks("test")


def test_a_folder_without_images_is_refused(root: Path) -> None:
    (root / "train/drone").rename(root / "elsewhere")
    add(root, "train/drone/")

    with pytest.raises(DataError, match="train/drone: no images; expected folders of buildings"):
        University1652(root, Faults(skip=True)).places("train")


BUILDINGS = st.dictionaries(st.from_regex("[0-9]{4}", fullmatch=True), st.integers(1, 3))


@settings(max_examples=25)
@given(everything=BUILDINGS.filter(len), data=st.data())
def test_what_is_written_is_what_is_read(everything: dict[str, int], data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(everything)), min_size=1))
    asked = {name: count for name, count in everything.items() if name in names}
    with TemporaryDirectory() as folder:
        write_test(Path(folder), asked, everything)
        tasks = University1652(Path(folder), Faults()).tasks("test")

    by_drone, by_satellite = tasks
    assert len(by_drone.queries) == sum(asked.values())
    assert len(by_satellite.gallery) == sum(everything.values())
    for task in tasks:
        assert {picture.group for picture in task.gallery} == everything.keys()
        for query, picture in enumerate(task.queries):
            right = task.protocols[0].right.of_query(query)
            assert right.tolist() == [
                row for row, other in enumerate(task.gallery) if other.group == picture.group
            ]
