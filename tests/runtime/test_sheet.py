"""A sheet shows each query beside its places, with the right one framed in green."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.answers import Answer, PlaceMatch
from clnet.runtime.errors import ArtifactError, DataError
from clnet.runtime.images import read_image
from clnet.runtime.sheet import draw_sheet, write_sheet
from clnet.runtime.sheet_style import BLANK, CELL, RIGHT


def answer(query: str, paths: dict[str, Path], picture: Path) -> Answer:
    matches = tuple(
        PlaceMatch(rank=rank, id=name, path=str(path), score=1 / rank, margin=0.1, latitude=None,
                   longitude=None, error_m=12_345.0)
        for rank, (name, path) in enumerate(paths.items(), start=1)
    )  # fmt: skip
    return Answer(query=query, path=str(picture), latitude=1, longitude=2, matches=matches)


def pixels(sheet: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    return int((sheet == colour).all(axis=2).sum())


@pytest.fixture
def tiles(picture: Callable[..., Path]) -> dict[str, Path]:
    return {name: picture(f"{name}.png", seed=n, width=24) for n, name in enumerate("abc")}


def test_the_right_place_is_framed(tiles: dict[str, Path]) -> None:
    right = draw_sheet([answer("b", tiles, tiles["b"])])
    wrong = draw_sheet([answer("z", tiles, tiles["b"])])

    assert pixels(right, RIGHT) > 4 * CELL > pixels(wrong, RIGHT) == 0


def test_no_more_places_are_shown_than_asked_for(tiles: dict[str, Path]) -> None:
    answers = [answer("b", tiles, tiles["a"])]

    assert draw_sheet(answers, 2).shape[1] < draw_sheet(answers, 5).shape[1]


def test_a_place_whose_image_is_gone_is_left_blank(tiles: dict[str, Path]) -> None:
    tiles["c"].unlink()

    assert pixels(draw_sheet([answer("b", tiles, tiles["a"])]), BLANK) > CELL**2 / 2


@pytest.mark.parametrize("name", ["x" * 300, "Straße 7/€ 漢字"])
def test_any_id_can_be_written(tiles: dict[str, Path], name: str) -> None:
    assert draw_sheet([answer(name, {name: tiles["a"]}, tiles["a"])]).ndim == 3


def test_a_sheet_is_written_as_png(tmp_path: Path, tiles: dict[str, Path]) -> None:
    answers = [answer("b", tiles, tiles["a"])]

    write_sheet(tmp_path / "sheet.png", answers)

    np.testing.assert_array_equal(read_image(tmp_path / "sheet.png"), draw_sheet(answers))


def test_without_answers_there_is_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there are no answers to draw"):
        write_sheet(tmp_path / "sheet.png", [])

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, tiles: dict[str, Path]) -> None:
    with pytest.raises(ArtifactError, match=r"cannot write .*a\.png/sheet\.png"):
        write_sheet(tiles["a"] / "sheet.png", [answer("b", tiles, tiles["a"])])
