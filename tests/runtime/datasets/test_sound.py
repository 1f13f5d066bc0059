"""Missing and broken images are found before a run, not hours into it."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from clnet.runtime import DataError
from clnet.runtime.datasets import Faults, Place, Task, sound_places, sound_task
from clnet.runtime.datasets.paired_task import paired_task

Make = Callable[[int], list[Place]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write images of so many places."""

    def some(count: int) -> list[Place]:
        places = []
        for number in range(count):
            ground, satellite = tmp_path / f"g/{number}.jpg", tmp_path / f"s/{number}.jpg"
            for path in (ground, satellite):
                path.parent.mkdir(exist_ok=True)
                noise = np.random.default_rng(number).integers(0, 256, (24, 32, 3), np.uint8)
                assert cv2.imwrite(str(path), noise)
            places.append(Place(str(number), ground, satellite, row=f"list row {number + 1}"))
        return places

    return some


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def task_of(places: list[Place]) -> Task:
    return paired_task("made", places)


def test_whole_places_pass_as_they_are(make: Make) -> None:
    places, faults = make(3), Faults()

    assert sound_places(places, faults, decode=True) == places
    assert sound_task(task_of(places), faults, decode=True).queries == task_of(places).queries
    assert faults.broken == ()


def test_a_missing_image_is_refused_by_row_file_and_remedy(make: Make) -> None:
    places = make(3)
    places[1].satellite.unlink()

    with pytest.raises(DataError, match=r"list row 2: .*s/1\.jpg does not exist; .*--skip-broken"):
        sound_places(places, Faults())


def test_a_missing_folder_is_a_missing_image(make: Make, tmp_path: Path) -> None:
    places = make(1)
    places[0].ground.unlink()
    (tmp_path / "g").rmdir()

    with pytest.raises(DataError, match=r"list row 1: .*g/0\.jpg does not exist"):
        sound_places(places, Faults())


def test_missing_and_truncated_images_are_left_out_and_listed(make: Make) -> None:
    places, faults = make(4), Faults(skip=True)
    places[1].satellite.unlink()
    cut_short(places[2].ground)

    kept = sound_places(places, faults, decode=True)

    assert [place.id for place in kept] == ["0", "3"]
    missing, short = faults.broken
    assert missing.startswith("list row 2: ")
    assert missing.endswith("s/1.jpg does not exist")
    assert short.startswith("list row 3: ")
    assert "g/2.jpg: the JPEG ends too early" in short


def test_only_decoding_finds_what_is_truncated(make: Make) -> None:
    places = make(2)
    cut_short(places[0].ground)

    assert sound_places(places, Faults()) == places
    with pytest.raises(DataError, match=r"list row 1: .*g/0\.jpg: the JPEG ends too early"):
        sound_places(places, Faults(), decode=True)


def test_an_image_of_several_rows_is_listed_once(make: Make) -> None:
    places, faults = make(3), Faults(skip=True)
    shared = [Place(place.id, place.ground, places[0].satellite, row="r") for place in places[:2]]
    places[0].satellite.unlink()

    kept = sound_places([*shared, places[2]], faults)

    assert [place.id for place in kept] == ["2"]
    assert len(faults.broken) == 1


def test_nothing_left_is_refused_and_names_the_first_fault(make: Make) -> None:
    places = make(2)
    for place in places:
        place.ground.unlink()

    with pytest.raises(DataError, match=r"none of 2 places can be used; the first: list row 1"):
        sound_places(places, Faults(skip=True))


def test_a_task_loses_the_query_whose_tile_is_missing(make: Make) -> None:
    places, faults = make(4), Faults(skip=True)
    places[0].ground.unlink()
    places[2].satellite.unlink()

    task = sound_task(task_of(places), faults)

    assert [query.id for query in task.queries] == ["1", "3"]
    assert [picture.id for picture in task.gallery] == ["0", "1", "3"]
    assert list(task.protocols[0].right.rows) == [1, 2]
    assert faults.broken[-1] == "list row 3: no right picture of it is left in made"
