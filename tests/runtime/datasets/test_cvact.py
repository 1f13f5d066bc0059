"""CVACT's layout: the .mat, its splits, absent images, and test counted in two ways."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

savemat = pytest.importorskip("scipy.io", reason="clnet[cvact] reads the .mat").savemat
pytest.importorskip("pyproj", reason="clnet[cvact] converts metres to degrees")

from clnet.runtime import DataError
from clnet.runtime.datasets import Faults, open_dataset
from clnet.runtime.datasets.cvact.act_data_process import read_arrays
from clnet.runtime.geo import distance_m

IDS = [f"pano-{n}" for n in range(6)]
UTM_M = np.array([[693_000.0 + 100 * n, 6_090_000.0] for n in range(6)])

Change = Callable[..., None]


def cells(ids: list[str]) -> Any:
    return np.array(ids, object).reshape(-1, 1)


def contents(**changes: Any) -> dict[str, Any]:
    """Say what a right file holds: three places of train, one of val and two of test."""
    whole = {
        "panoIds": cells(IDS),
        "utm": UTM_M,
        "trainSet": {"trainInd": np.array([[1.0], [2.0], [3.0]])},
        "valSet": {"valInd": np.array([[4]])},
        "valSetAll": {"valInd": np.array([[6, 5]], np.uint16)},
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def touch(root: Path, folder: str, *ids: str) -> None:
    for below, end in (("streetview", "_grdView"), ("satview_polish", "_satView_polish")):
        (root / folder / below).mkdir(parents=True, exist_ok=True)
        for id_ in ids:
            (root / folder / below / f"{id_}{end}.jpg").touch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    savemat(tmp_path / "ACT_data.mat", contents())
    touch(tmp_path, "ANU_data_small", *IDS[:4])
    touch(tmp_path, "ANU_data_test", *IDS[4:])
    return tmp_path


def test_indices_count_from_one(folder: Path) -> None:
    places = open_dataset(folder, "cvact").places("train")

    assert [place.id for place in places] == IDS[:3]
    assert places[1].row == "ACT_data.mat trainSet index 2"
    small = folder / "ANU_data_small"
    assert places[1].ground == small / "streetview" / "pano-1_grdView.jpg"
    assert places[1].satellite == small / "satview_polish" / "pano-1_satView_polish.jpg"


def test_metres_become_degrees_of_canberra(folder: Path) -> None:
    one, two, _ = open_dataset(folder, "cvact").places("train")

    assert one.latitude == pytest.approx(-35.31, abs=0.01)
    assert one.longitude == pytest.approx(149.12, abs=0.01)
    positions = one.latitude, one.longitude, two.latitude, two.longitude
    assert distance_m(*positions) == pytest.approx(100, rel=0.01)
    assert (one.tile_latitude, one.tile_longitude) == (one.latitude, one.longitude)


def test_absent_images_are_left_out_and_counted(folder: Path) -> None:
    (folder / "ANU_data_small" / "streetview" / "pano-1_grdView.jpg").unlink()
    faults = Faults()

    places = open_dataset(folder, "cvact", faults=faults).places("train")

    assert [place.id for place in places] == ["pano-0", "pano-2"]
    assert faults.absent == {"train": 1}
    assert faults.broken == ()


def test_test_is_what_lies_in_both_folders_by_id(folder: Path) -> None:
    touch(folder, "ANU_data_test", "pano-0")
    (folder / "ANU_data_test" / "satview_polish" / "pano-5_satView_polish.jpg").unlink()
    faults = Faults()

    places = open_dataset(folder, "cvact", faults=faults).places("test")

    assert [place.id for place in places] == ["pano-0", "pano-4"]
    assert faults.absent == {"test": 1}


def test_a_test_image_that_is_not_listed_is_broken(folder: Path) -> None:
    touch(folder, "ANU_data_test", "stranger")

    with pytest.raises(DataError, match=r"ANU_data_test: stranger is not in ACT_data\.mat"):
        open_dataset(folder, "cvact").places("test")


def test_no_images_at_all_are_refused(folder: Path) -> None:
    savemat(folder / "ACT_data.mat", contents(panoIds=cells([f"other{n}" for n in range(6)])))

    with pytest.raises(DataError, match="both images of none of 3 places of train"):
        open_dataset(folder, "cvact").places("train")


def test_val_is_one_protocol_and_test_two(folder: Path) -> None:
    dataset = open_dataset(folder, "cvact")

    (val,), (test,) = dataset.tasks("val"), dataset.tasks("test")

    assert [protocol.name for protocol in val.protocols] == ["exact"]
    assert [protocol.name for protocol in test.protocols] == ["exact", "within 5 m"]
    assert (val.name, test.name) == ("CVACT val", "CVACT test")


def test_five_metres_are_near_and_a_centimetre_more_is_not(folder: Path) -> None:
    utm_m = np.array([[693_000.0, 6_090_000.0]] * 6)
    utm_m[3] += [50, 0]
    utm_m[4] += [3, 4]
    utm_m[5] += [0, 5.01]
    savemat(folder / "ACT_data.mat", contents(utm=utm_m))
    touch(folder, "ANU_data_test", *IDS)

    (task,) = open_dataset(folder, "cvact").tasks("test")
    near = task.protocols[1].right

    assert [picture.id for picture in task.queries] == IDS
    assert list(near.of_query(0)) == [0, 1, 2, 4]
    assert list(near.of_query(3)) == [3]
    assert list(near.of_query(5)) == [4, 5]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"utm": None}, r"ACT_data\.mat has no utm; take", id="no-key"),
        pytest.param({"utm": UTM_M[:5]}, r"shape \(6, 2\).*got \(5, 2\)", id="fewer-positions"),
        pytest.param({"utm": "here"}, "utm holds no numbers", id="positions-of-text"),
        pytest.param({"panoIds": np.ones((6, 1))}, "panoIds 1 is no id", id="ids-of-numbers"),
        pytest.param({"panoIds": np.zeros((0, 0))}, "panoIds holds no ids", id="no-ids"),
        pytest.param({"trainSet": 3.0}, "trainSet to be a struct with trainInd", id="no-struct"),
        pytest.param({"valSet": {"ind": 3}}, "valSet to be a struct with valInd", id="no-field"),
        pytest.param({"valSet": {"valInd": [1.5]}}, "whole numbers", id="half-an-index"),
        pytest.param({"valSet": {"valInd": [np.nan]}}, "whole numbers", id="nan"),
        pytest.param({"valSet": {"valInd": np.ones((2, 2))}}, "row or column", id="a-matrix"),
    ],
)
def test_another_mat_is_refused_by_key_and_remedy(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    savemat(tmp_path / "ACT_data.mat", contents(**changes))

    with pytest.raises(DataError, match=message):
        read_arrays(tmp_path / "ACT_data.mat")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"trainSet": {"trainInd": [1, 7]}}, "trainSet index 2: expected 1 to 6, got 7", id="7"
        ),
        pytest.param({"trainSet": {"trainInd": [0]}}, "index 1: expected 1 to 6, got 0", id="0"),
        pytest.param({"trainSet": {"trainInd": [2, 2]}}, "pano-1 stands in .* index 1", id="again"),
        pytest.param({"panoIds": cells(["a"] * 6)}, "index 2: a stands in .* index 1", id="one-id"),
        pytest.param({"utm": UTM_M * 0}, r"utm 1 .*zone 55 south, got \[0\.0, 0\.0\]", id="zone"),
    ],
)
def test_a_wrong_row_is_refused_or_left_out(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    savemat(folder / "ACT_data.mat", contents(**changes))

    with pytest.raises(DataError, match=message):
        open_dataset(folder, "cvact").places("train")
    faults = Faults(skip=True)
    with suppress(DataError):  # nothing may be left
        open_dataset(folder, "cvact", faults=faults).places("train")
    assert faults.broken


def test_a_missing_mat_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ACT_data\.mat: No such file"):
        open_dataset(tmp_path, "cvact").places("val")


def test_a_file_that_kills_scipy_is_refused(folder: Path) -> None:
    """The type of the first array's flags becomes one that scipy 1.17 looks up out of bounds."""
    data = bytearray((folder / "ACT_data.mat").read_bytes())
    data[128 + 8 + 16] = 0xFF
    (folder / "ACT_data.mat").write_bytes(data)

    with pytest.raises(DataError, match=r"cannot read .*ACT_data\.mat: scipy failed on it"):
        open_dataset(folder, "cvact").places("val")


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    savemat(folder / "whole.mat", contents(), do_compression=data.draw(st.booleans()))
    raw = bytearray((folder / "whole.mat").read_bytes())
    for place in data.draw(st.lists(st.integers(124, len(raw) - 1), min_size=1, max_size=5)):
        raw[place] = data.draw(st.integers(0, 255))
    (folder / "ACT_data.mat").write_bytes(raw[: data.draw(st.integers(0, len(raw)))])

    with suppress(DataError):
        assert open_dataset(folder, "cvact", faults=Faults(skip=True)).places("train")


ids = st.lists(st.text("abcXYZ019-_", min_size=1, max_size=22), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=ids, as_cells=st.booleans(), flat=st.booleans(), compress=st.booleans())
def test_what_was_written_is_read(
    tmp_path: Path, ids: list[str], as_cells: bool, flat: bool, compress: bool
) -> None:
    utm_m = np.arange(2.0 * len(ids)).reshape(-1, 2)
    indices = np.arange(1, len(ids) + 1).reshape((1, -1) if flat else (-1, 1))
    stored = contents(
        panoIds=cells(ids) if as_cells else np.array(ids),
        utm=utm_m,
        trainSet={"trainInd": indices},
    )
    savemat(tmp_path / "a.mat", stored, do_compression=compress)

    arrays = read_arrays(tmp_path / "a.mat")

    assert arrays["panoIds"].tolist() == ids
    np.testing.assert_array_equal(arrays["utm"], utm_m)
    np.testing.assert_array_equal(arrays["trainSet"], indices.ravel())
