"""A sheet shows each query beside its places, with the right one framed in green."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.answers.answer import Answer, PlaceMatch
from clnet.runtime.answers.sheet import draw_sheet, is_right, write_sheet
from clnet.runtime.answers.sheet_style import (
    BLANK,
    CELL,
    GAP,
    LABEL,
    MARGIN,
    PAPER,
    QUERY_WIDTH,
    RIGHT,
    RULE,
    SHEET_QUERIES,
)
from clnet.runtime.errors import ArtifactError, DataError
from clnet.runtime.images import read_image


def answer(
    query: str, paths: dict[str, Path], picture: Path, error_m: float | None = 12_345.0
) -> Answer:
    matches = tuple(
        PlaceMatch(rank=rank, id=name, path=str(path), score=1 / rank, margin=0.1, latitude=None,
                   longitude=None, error_m=error_m)
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


@pytest.mark.parametrize(("error_m", "right"), [(25.0, True), (25.01, False), (None, False)])
def test_a_place_within_25_metres_is_right_whatever_its_id(
    tiles: dict[str, Path], error_m: float | None, right: bool
) -> None:
    one = answer("IMG_2043", {"a": tiles["a"]}, tiles["b"], error_m)

    assert is_right(one, one.matches[0]) is right
    assert bool(pixels(draw_sheet([one]), RIGHT)) is right


def test_places_beyond_five_go_on_below(tiles: dict[str, Path]) -> None:
    many = {f"{n}": tiles["a"] for n in range(12)}
    five = draw_sheet([answer("z", many, tiles["b"])], 5)
    twelve = draw_sheet([answer("z", many, tiles["b"])], 12)

    assert twelve.shape[1] == five.shape[1]
    assert twelve.shape[0] - five.shape[0] == 2 * (LABEL + CELL + GAP)


def test_the_best_twenty_of_a_thousand_are_shown(tiles: dict[str, Path]) -> None:
    thousand = answer("z", {f"{n}": tiles["a"] for n in range(1000)}, tiles["b"])
    twenty = answer("z", {f"{n}": tiles["a"] for n in range(20)}, tiles["b"])

    assert draw_sheet([thousand]).shape == draw_sheet([twenty]).shape


def test_more_queries_than_a_picture_can_hold_are_refused(tiles: dict[str, Path]) -> None:
    with pytest.raises(DataError, match="holds 100 queries at most, got 101"):
        draw_sheet([answer("b", tiles, tiles["a"])] * (SHEET_QUERIES + 1))


@pytest.mark.parametrize(("height", "width"), [(20, 2000), (2000, 20)])
def test_a_picture_of_any_shape_stays_in_its_cell(
    picture: Callable[..., Path], tiles: dict[str, Path], height: int, width: int
) -> None:
    odd = picture("odd.png", height=height, width=width, seed=9)
    sheet = draw_sheet([answer("z", {"a": odd}, tiles["b"])])
    gap = sheet[:, MARGIN + QUERY_WIDTH + 1 : MARGIN + QUERY_WIDTH + 2 * GAP]

    assert {tuple(colour) for colour in gap.reshape(-1, 3).tolist()} <= {PAPER, RULE}


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
