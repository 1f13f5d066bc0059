"""`clnet-data check`: what is there, what is missing, which split is incomplete."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from clnet.runtime import DataError
from clnet.runtime.datasets.check_text import WIDTH, check_text
from clnet.runtime.datasets.checking import DatasetCheck, check_dataset
from clnet.training.cli import data

REAL = Path(__file__).parents[4] / "shared" / "data" / "splits" / "cvusa"


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8))
    return path


@pytest.fixture
def cvusa(tmp_path: Path) -> Path:
    """Three places of train, two of val, with every image."""
    splits = {"train": [1, 2, 3], "val": [4, 5]}
    (tmp_path / "splits").mkdir()
    for split, numbers in splits.items():
        rows = [f"bingmap/19/{n:07}.jpg,streetview/panos/{n:07}.jpg,-" for n in numbers]
        (tmp_path / "splits" / f"{split}-19zl.csv").write_text("\n".join(rows) + "\n")
        for name in (name for row in rows for name in row.split(",")[:2]):
            picture(tmp_path / name)
    return tmp_path


def check(folder: Path, *more: object, layout: str = "cvusa") -> Result:
    arguments = ["check", folder, "--layout", layout, *more]
    return CliRunner().invoke(data, [str(argument) for argument in arguments])


def test_a_whole_data_set_is_complete(cvusa: Path) -> None:
    result = check(cvusa)

    assert result.exit_code == 0, result.output
    assert " ".join(result.output.splitlines()[3].split()) == "train 3 3 3 0 3 0 complete"
    assert "CVUSA val: 2 ground queries, 2 satellite images (exact)" in result.output


def test_the_figures_are_written_as_json(cvusa: Path, tmp_path: Path) -> None:
    check(cvusa, "--json", tmp_path / "check.json")

    train, val = DatasetCheck.read(tmp_path / "check.json").splits

    assert (train.split, train.pairs, train.tiles, train.located) == ("train", 3, 3, 0)
    assert val.images == {"ground": 2, "satellite": 2}
    assert val.tasks[0].protocols == ("exact",)
    assert val.undecodable is None


def test_a_missing_image_is_counted_and_the_first_is_named(cvusa: Path) -> None:
    (cvusa / "bingmap/19/0000005.jpg").unlink()

    result = check(cvusa)

    assert result.exit_code == 1
    assert "incomplete" in result.output
    assert "val: 1 satellite images absent" in result.output
    assert "0000005.jpg (splits/val-19zl.csv row 2)" in result.output


def test_a_missing_split_is_incomplete_and_says_what_was_looked_for(cvusa: Path) -> None:
    (cvusa / "splits/train-19zl.csv").unlink()

    result = check(cvusa)

    assert result.exit_code == 1
    assert "missing" in result.output
    assert "splits/train-19zl.csv: No such file" in result.output


def test_broken_rows_are_listed_up_to_three(cvusa: Path) -> None:
    with (cvusa / "splits/val-19zl.csv").open("a") as stream:
        stream.write("one\ntwo\nthree\nfour\n")

    result = check(cvusa)

    assert result.exit_code == 1
    assert "val-19zl.csv row 5: expected" in result.output
    assert "row 6" not in result.output
    assert "1 more rows or images are broken" in result.output


def test_where_every_row_of_a_split_is_broken_the_first_is_named(cvusa: Path) -> None:
    (cvusa / "splits" / "val-19zl.csv").write_text("a;b\nc;d\n")

    (val,) = [s for s in check_dataset(cvusa, "cvusa").splits if s.split == "val"]

    assert "val-19zl.csv row 1" in val.broken[0]


def test_another_layout_is_unusable(tmp_path: Path) -> None:
    result = check(tmp_path)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {tmp_path} is not in cvusa's layout: ")


def test_only_decoding_finds_what_is_truncated(cvusa: Path) -> None:
    path = cvusa / "streetview/panos/0000001.jpg"
    path.write_bytes(path.read_bytes()[:-100])

    assert check_dataset(cvusa, "cvusa").is_complete
    result = check(cvusa, "--decode")

    assert result.exit_code == 1
    assert "train: 5 images decoded to their end, 1 broken" in result.output
    assert "0000001.jpg: the JPEG ends too early" in result.output


def test_a_university_without_a_gallery_is_incomplete(tmp_path: Path) -> None:
    for folder in ("train/drone", "train/satellite", "test/query_drone", "test/gallery_satellite",
                   "test/gallery_drone", "test/query_satellite"):  # fmt: skip
        picture(tmp_path / folder / "0001" / "image-01.jpeg")
    assert check_dataset(tmp_path, "university1652").is_complete

    (tmp_path / "test/gallery_drone/0001/image-01.jpeg").unlink()
    checked = check_dataset(tmp_path, "university1652")

    assert [split.is_complete for split in checked.splits] == [True, False]
    assert "gallery_drone" in check_text(checked)


def test_a_cvact_without_images_is_incomplete_and_counted(tmp_path: Path) -> None:
    io = pytest.importorskip("scipy.io", reason="clnet[cvact] reads the .mat")
    pytest.importorskip("pyproj", reason="clnet[cvact] converts metres to degrees")
    stored = {
        "panoIds": np.array(["a", "b", "c"], object),
        "utm": np.array([[693_000.0, 6_090_000.0]] * 3),
        "trainSet": {"trainInd": [1]},
        "valSet": {"valInd": [2]},
        "valSetAll": {"valInd": [2, 3]},
    }
    io.savemat(tmp_path / "ACT_data.mat", stored)

    checked = check_dataset(tmp_path, "cvact")

    assert [split.pairs for split in checked.splits] == [1, 1, 2]
    assert [split.located for split in checked.splits] == [1, 1, 2]
    assert checked.splits[2].absent == {"ground": 2, "satellite": 2}
    assert not checked.is_complete


def test_the_largest_numbers_fit_a_terminal(cvusa: Path) -> None:
    checked = check_dataset(cvusa, "cvusa")
    most = {"ground": 105_214, "satellite": 90_618}
    large = {"pairs": 105_214, "images": most, "absent": most, "tiles": 90_618, "located": 105_214}
    split = checked.splits[0].model_copy(update=large)

    table = check_text(checked.model_copy(update={"splits": (split,)})).splitlines()[1:4]

    numbers = "105,214 105,214 90,618 195,832 90,618 105,214"
    assert " ".join(table[2].split()) == f"train {numbers} incomplete"
    assert max(map(len, table)) <= WIDTH


def test_nothing_of_any_split_is_an_error_of_the_library(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not in vigor's layout"):
        check_dataset(tmp_path, "vigor")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real split files are not on this machine")
def test_the_real_split_files_without_images_are_counted() -> None:
    train, val = check_dataset(REAL, "cvusa").splits

    assert "train-19zl.csv" in train.problem
    assert (val.pairs, val.located, val.tiles) == (8884, 8884, 8884)
    assert val.absent == {"ground": 8884, "satellite": 8884}
