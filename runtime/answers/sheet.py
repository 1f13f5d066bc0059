"""A picture of answers: each query beside its best places, the right ones framed."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..atomic import file_written_aside
from ..errors import ArtifactError, DataError
from .answer import Answer, PlaceMatch
from .sheet_drawing import Picture, frame, paste, thin_line, write
from .sheet_style import (
    CELL,
    FAINT,
    GAP,
    HEADER,
    INK,
    LABEL,
    MARGIN,
    PAPER,
    QUERY_WIDTH,
    RIGHT,
    RULE,
    SHEET_QUERIES,
)

SHEET_PLACES = 20
"""Places shown beside a query, at most."""

PLACES_A_LINE = 5

RIGHT_M = 25.0
"""
A place so near to the query's own position is right, whatever its id: the threshold of visual
place recognition since NetVLAD (Arandjelović et al., CVPR 2016).
"""

_LEGEND = "rank, score, + margin to the next place, metres from the query; id"


def is_right(answer: Answer, match: PlaceMatch) -> bool:
    """Whether a place is the query's: it has the query's id, or lies within `RIGHT_M` of it."""
    near = match.error_m is not None and match.error_m <= RIGHT_M
    return near or match.id == answer.query


def draw_sheet(answers: Sequence[Answer], top_k: int = SHEET_PLACES) -> Picture:
    """
    Draw each query beside its places, five a line.

    Right places (`is_right`) are framed in green. Letters beyond ASCII become '?': the fonts of
    OpenCV 4 have no others.

    Args:
        answers: 1 to `SHEET_QUERIES`.
        top_k: places shown beside each query, at most.

    Returns:
        [h, w, 3] uint8, RGB.

    Raises:
        DataError: there are no answers, or too many.

    """
    if not answers:
        raise DataError("there are no answers to draw: no query could be read")
    if len(answers) > SHEET_QUERIES:
        raise DataError(f"a sheet holds {SHEET_QUERIES} queries at most, got {len(answers):,}")
    shown = min(top_k, max(len(answer.matches) for answer in answers))
    columns, lines = min(shown, PLACES_A_LINE), -(-shown // PLACES_A_LINE)
    row_height = lines * (LABEL + CELL + GAP) + GAP
    width = 2 * MARGIN + QUERY_WIDTH + GAP + columns * (GAP + CELL)
    height = 2 * MARGIN + HEADER + len(answers) * row_height - 2 * GAP
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    write(sheet, MARGIN, MARGIN + 12, _headline(answers, shown), INK, width - 2 * MARGIN)
    write(sheet, MARGIN, MARGIN + 31, _LEGEND, FAINT, width - 2 * MARGIN)
    for number, answer in enumerate(answers):
        top = MARGIN + HEADER + number * row_height
        thin_line(sheet, MARGIN, top - GAP, width - MARGIN, RULE)
        _draw_row(sheet, top, answer, shown)
    return sheet


def write_sheet(path: Path, answers: Sequence[Answer], top_k: int = SHEET_PLACES) -> None:
    """
    Draw a sheet into a PNG file.

    Raises:
        ArtifactError: the file cannot be written.
        DataError: as `draw_sheet`.

    """
    coded, data = cv2.imencode(".png", cv2.cvtColor(draw_sheet(answers, top_k), cv2.COLOR_RGB2BGR))
    if not coded:
        raise ArtifactError(f"cannot write {path}: OpenCV refuses to code the picture")
    with file_written_aside(path) as aside:
        aside.write_bytes(data.tobytes())


def _headline(answers: Sequence[Answer], shown: int) -> str:
    framed = sum(is_right(answer, match) for answer in answers for match in answer.matches[:shown])
    return (
        f"{_count(len(answers), 'query', 'queries')}, best {_count(shown, 'place', 'places')}.   "
        f"Framed ({framed}): the query's id, or within {RIGHT_M:.0f} m"
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _draw_row(sheet: Picture, top: int, answer: Answer, shown: int) -> None:
    write(sheet, MARGIN, top + 18, f"query {answer.query}", INK, QUERY_WIDTH)
    write(sheet, MARGIN, top + 37, _about(answer, shown), FAINT, QUERY_WIDTH)
    paste(sheet, MARGIN, top + LABEL, QUERY_WIDTH, answer.path)
    for number, match in enumerate(answer.matches[:shown]):
        line, column = divmod(number, PLACES_A_LINE)
        left = MARGIN + QUERY_WIDTH + 2 * GAP + column * (GAP + CELL)
        below = top + line * (LABEL + CELL + GAP)
        _draw_match(sheet, left, below, match, right=is_right(answer, match))


def _draw_match(sheet: Picture, left: int, top: int, match: PlaceMatch, *, right: bool) -> None:
    margin = "" if match.margin is None else f"   +{match.margin:.3f}"
    error = "" if match.error_m is None else f"   {_metres(match.error_m)}"
    write(sheet, left, top + 18, f"{match.rank}.  {match.score:.3f}{margin}{error}", INK, CELL)
    write(sheet, left, top + 37, match.id, RIGHT if right else FAINT, CELL)
    paste(sheet, left, top + LABEL, CELL, match.path)
    if right:
        frame(sheet, left, top + LABEL, RIGHT)


def _metres(metres: float) -> str:
    return f"{metres:,.0f} m" if metres < 10_000 else f"{metres / 1000:,.0f} km"


def _about(answer: Answer, shown: int) -> str:
    """Tell the query's position, and the right place's rank where it is not on the sheet."""
    words = []
    if answer.latitude is not None and answer.longitude is not None:
        words.append(f"{answer.latitude:.6f}, {answer.longitude:.6f}")
    right = [match.rank for match in answer.matches if is_right(answer, match)]
    if right and right[0] > shown:
        words.append(f"right: rank {right[0]}")
    return "   ".join(words)
