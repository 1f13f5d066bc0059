"""What a sheet of answers is drawn with: pictures, lines of text, frames."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..pictures import read_picture
from .sheet_style import BLANK, CELL, FAINT, FRAME, Colour

Picture = NDArray[np.uint8]

_FONT, _SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.46


def paste(sheet: Picture, left: int, top: int, width: int, locator: str) -> None:
    """
    Fit a picture into a cell, at its upper left; say so in the cell if it cannot be read.

    Args:
        sheet: [h, w, 3] uint8, RGB; changed.
        left: the cell's first column.
        top: the cell's first row.
        width: the cell's columns; it has `CELL` rows.
        locator: see `read_picture`.

    """
    cell = sheet[top : top + CELL, left : left + width]
    try:
        image = read_picture(locator)
    except DataError:
        cell[:] = BLANK
        write(sheet, left + 12, top + CELL // 2, "cannot be read", FAINT, width)
        return
    scale = min(CELL / image.shape[0], width / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    kernel = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cell[: size[1], : size[0]] = cv2.resize(image, size, interpolation=kernel)


def write(sheet: Picture, left: int, base: int, text: str, colour: Colour, width: int) -> None:
    """Write one line; what does not fit loses its middle, and what the font lacks becomes '?'."""
    plain = text.encode("ascii", "replace").decode()
    while len(plain) > 8 and _text_width(plain) > width:
        half = len(plain) // 2
        plain = plain[: half - 2] + "..." + plain[half + 2 :]
    cv2.putText(sheet, plain, (left, base), _FONT, _SIZE, colour, 1, cv2.LINE_AA)


def frame(sheet: Picture, left: int, top: int, colour: Colour) -> None:
    """Frame a place's cell."""
    corner = (left + CELL - 1, top + CELL - 1)
    cv2.rectangle(sheet, (left, top), corner, colour, FRAME)


def thin_line(sheet: Picture, left: int, top: int, right: int, colour: Colour) -> None:
    """Draw one row of pixels."""
    sheet[top, left:right] = colour


def _text_width(text: str) -> int:
    return int(cv2.getTextSize(text, _FONT, _SIZE, 1)[0][0])
