"""A picture of answers: each query beside its best places, the right one framed."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .answers import Answer, PlaceMatch
from .atomic import file_written_aside
from .errors import ArtifactError, DataError
from .images import read_image

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

CELL_HEIGHT = 200
"""Pixels of a picture's height."""

QUERY_WIDTH = 400
"""Pixels that a query may take in width: panoramas are wide."""

MARGIN = 20
GAP = 14
LABEL = 46
HEADER = 34
FRAME = 5

PAPER: Colour = (250, 250, 248)
INK: Colour = (34, 34, 38)
FAINT: Colour = (120, 120, 126)
BLANK: Colour = (226, 226, 224)
RIGHT: Colour = (22, 163, 74)


def draw_sheet(answers: Sequence[Answer], top_k: int = 5) -> Picture:
    """
    Draw one row a query.

    A place counts as right, and is framed in green, when its id is the query's.

    Args:
        answers: at least one.
        top_k: places shown beside each query, at most.

    Returns:
        [h, w, 3] uint8, RGB.

    Raises:
        DataError: there are no answers.

    """
    if not answers:
        raise DataError("there are no answers to draw: no query could be read")
    shown = min(top_k, max(len(answer.matches) for answer in answers))
    width = 2 * MARGIN + QUERY_WIDTH + GAP + shown * (GAP + CELL_HEIGHT)
    row_height = LABEL + CELL_HEIGHT + GAP
    height = 2 * MARGIN + HEADER + len(answers) * row_height - GAP
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    _text(sheet, MARGIN, MARGIN + 12, _headline(answers, shown), INK, width - 2 * MARGIN)
    for number, answer in enumerate(answers):
        _draw_row(sheet, MARGIN + HEADER + number * row_height, answer, shown)
    return sheet


def write_sheet(path: Path, answers: Sequence[Answer], top_k: int = 5) -> None:
    """
    Draw a sheet into a PNG file.

    Raises:
        ArtifactError: the file cannot be written.
        DataError: there are no answers.

    """
    coded, data = cv2.imencode(".png", cv2.cvtColor(draw_sheet(answers, top_k), cv2.COLOR_RGB2BGR))
    if not coded:
        raise ArtifactError(f"cannot write {path}: OpenCV refuses to code the picture")
    with file_written_aside(path) as aside:
        aside.write_bytes(data.tobytes())


def _headline(answers: Sequence[Answer], shown: int) -> str:
    framed = sum(match.id == a.query for a in answers for match in a.matches[:shown])
    return (
        f"{len(answers)} queries and their best {shown} places: rank, score, error.  "
        f"Framed: the place with the query's id ({framed})"
    )


def _draw_row(sheet: Picture, top: int, answer: Answer, shown: int) -> None:
    _picture(sheet, MARGIN, top + LABEL, QUERY_WIDTH, answer.path)
    _text(sheet, MARGIN, top + 18, f"query {answer.query}", INK, QUERY_WIDTH)
    _text(sheet, MARGIN, top + 37, _about(answer, shown), FAINT, QUERY_WIDTH)
    for column, match in enumerate(answer.matches[:shown]):
        left = MARGIN + QUERY_WIDTH + 2 * GAP + column * (GAP + CELL_HEIGHT)
        _draw_match(sheet, left, top, match, right=match.id == answer.query)


def _draw_match(sheet: Picture, left: int, top: int, match: PlaceMatch, *, right: bool) -> None:
    _picture(sheet, left, top + LABEL, CELL_HEIGHT, match.path)
    error = "" if match.error_m is None else f"   {_metres(match.error_m)}"
    _text(sheet, left, top + 18, f"{match.rank}.  {match.score:.3f}{error}", INK, CELL_HEIGHT)
    _text(sheet, left, top + 37, match.id, RIGHT if right else FAINT, CELL_HEIGHT)
    if right:
        corner = (left + CELL_HEIGHT - 1, top + LABEL + CELL_HEIGHT - 1)
        cv2.rectangle(sheet, (left, top + LABEL), corner, RIGHT, FRAME)


def _picture(sheet: Picture, left: int, top: int, width: int, path: str) -> None:
    cell = sheet[top : top + CELL_HEIGHT, left : left + width]
    try:
        image = read_image(Path(path))
    except DataError:
        cell[:] = BLANK
        _text(sheet, left + 12, top + CELL_HEIGHT // 2, "cannot be read", FAINT, width)
        return
    scale = min(CELL_HEIGHT / image.shape[0], width / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    kernel = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cell[: size[1], : size[0]] = cv2.resize(image, size, interpolation=kernel)


def _text(sheet: Picture, left: int, base: int, text: str, colour: Colour, width: int) -> None:
    """Write one line; what does not fit loses its middle, and what Hershey lacks becomes '?'."""
    plain = text.encode("ascii", "replace").decode()
    while len(plain) > 8 and _text_width(plain) > width:
        half = len(plain) // 2
        plain = plain[: half - 2] + "..." + plain[half + 2 :]
    cv2.putText(sheet, plain, (left, base), _FONT, _SIZE, colour, 1, cv2.LINE_AA)


_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SIZE = 0.46


def _text_width(text: str) -> int:
    return int(cv2.getTextSize(text, _FONT, _SIZE, 1)[0][0])


def _metres(metres: float) -> str:
    return f"{metres:,.0f} m" if metres < 10_000 else f"{metres / 1000:,.0f} km"


def _about(answer: Answer, shown: int) -> str:
    """Tell the query's position, and the right place's rank where it is not on the sheet."""
    words = []
    if answer.latitude is not None and answer.longitude is not None:
        words.append(f"{answer.latitude:.6f}, {answer.longitude:.6f}")
    words += [f"right: rank {m.rank}" for m in answer.matches[shown:] if m.id == answer.query]
    return "   ".join(words)
