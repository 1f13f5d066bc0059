"""The town in CVACT's layout."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="scipy is not installed")
pytest.importorskip("pyproj", reason="pyproj is not installed")
from scipy.io import loadmat

from clnet.runtime.datasets import read_places
from clnet.training.town import TownConfig, write_town
from clnet.training.town.layouts.cvact import CvactLayout
from clnet.training.town.survey import survey_world


@pytest.fixture(scope="module")
def mat(cvact_town: Path) -> dict[str, Any]:
    contents: dict[str, Any] = loadmat(cvact_town / "ACT_data.mat")
    return contents


def ids_of(mat: dict[str, Any], struct: str, field: str) -> set[str]:
    rows = mat[struct][field][0][0].ravel().astype(int) - 1
    return set(mat["panoIds"][rows])


def stored(town: Path, part: str) -> set[str]:
    names = {
        path.name.removesuffix("_grdView.jpg") for path in (town / part / "streetview").iterdir()
    }
    tiles = {
        path.name.removesuffix("_satView_polish.jpg")
        for path in (town / part / "satview_polish").iterdir()
    }
    assert names == tiles
    return names


def test_indices_count_from_one_and_name_every_place_once(mat: dict[str, Any]) -> None:
    train = mat["trainSet"]["trainInd"][0][0].ravel()
    test = mat["valSetAll"]["valInd"][0][0].ravel()

    assert sorted([*train, *test]) == list(range(1, 22))
    assert (len(train), len(test)) == (9, 12)


def test_val_is_half_of_the_test(mat: dict[str, Any]) -> None:
    val = ids_of(mat, "valSet", "valInd")

    assert len(val) == 6
    assert val < ids_of(mat, "valSetAll", "valInd")


def test_each_folder_holds_the_pictures_of_its_splits(
    cvact_town: Path, mat: dict[str, Any]
) -> None:
    val = ids_of(mat, "valSet", "valInd")
    assert stored(cvact_town, "ANU_data_small") == ids_of(mat, "trainSet", "trainInd") | val
    assert stored(cvact_town, "ANU_data_test") == ids_of(mat, "valSetAll", "valInd")


def test_ids_have_22_characters_and_are_unique(mat: dict[str, Any]) -> None:
    ids = list(mat["panoIds"])

    assert {len(id_) for id_ in ids} == {22}
    assert len(set(ids)) == 21


def test_metres_of_utm_are_the_metres_of_the_world(mat: dict[str, Any], tiny: TownConfig) -> None:
    survey = survey_world(tiny, CvactLayout().assign(tiny)[0])
    train = mat["utm"][mat["trainSet"]["trainInd"][0][0].ravel().astype(int) - 1]

    def gaps(points: np.ndarray) -> np.ndarray:
        between = np.linalg.norm(points[:, None] - points, axis=-1)
        return np.asarray(between[np.triu_indices(len(points), 1)])

    for gap in gaps(survey.places_m):
        assert np.abs(gaps(train) / gap - 1.0).min() < 0.001


def test_further_test_places_come_in_close_pairs(tiny: TownConfig) -> None:
    further = CvactLayout().assign(tiny)[-1]
    places_m = survey_world(tiny, further).places_m

    apart_m = np.linalg.norm(places_m[1::2] - places_m[: len(places_m) // 2 * 2 : 2], axis=1)
    assert 1.0 < apart_m.min() <= 4.5


@pytest.mark.parametrize(("split", "count"), [("train", 9), ("val", 6), ("test", 12)])
def test_the_loader_reads_every_place(cvact_town: Path, split: Any, count: int) -> None:
    places = read_places(cvact_town, "cvact", split)

    assert len(places) == count
    assert all(place.ground.is_file() and place.satellite.is_file() for place in places)


def test_the_loader_finds_the_places_near_canberra(cvact_town: Path) -> None:
    for place in read_places(cvact_town, "cvact"):
        assert place.latitude == pytest.approx(-35.27, abs=0.02)
        assert place.longitude == pytest.approx(148.91, abs=0.1)


def test_the_list_has_equal_bytes_at_any_time(
    cvact_town: Path, tiny: TownConfig, tmp_path: Path
) -> None:
    write_town(tiny, tmp_path / "again", layout="cvact", workers=1)

    first, second = (town / "ACT_data.mat" for town in (cvact_town, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()
    assert b"20" not in first.read_bytes()[:116]
