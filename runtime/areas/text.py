"""Areas as a user types them: `60.17,24.94,500m` and `60.1,24.8,60.3,25.1`."""

import re

from ..errors import DataError
from .box import Box
from .radius import Radius

_METRES = {"m": 1.0, "km": 1000.0}
_RADIUS = re.compile(r"(?P<number>[0-9.]+) ?(?P<unit>k?m)", re.ASCII)


def radius_of(text: str) -> Radius:
    """
    Read `LATITUDE,LONGITUDE,RADIUS`.

    Args:
        text: two numbers of degrees and a number with its unit, m or km; blanks do not matter.

    Raises:
        DataError: another form, a centre off the globe, or no positive radius.

    """
    expected = "expected LATITUDE,LONGITUDE,RADIUS such as 60.17,24.94,500m or 60.17,24.94,2km"
    *centre, width = text.split(",")
    given = _RADIUS.fullmatch(width.strip())
    if len(centre) != 2 or given is None:
        raise DataError(f"{expected}; got {text!r}")
    latitude, longitude, number = _numbers([*centre, given["number"]], expected, text)
    return Radius(latitude, longitude, number * _METRES[given["unit"]])


def box_of(text: str) -> Box:
    """
    Read `SOUTH,WEST,NORTH,EAST`.

    Args:
        text: four numbers of degrees; blanks do not matter. `WEST` greater than `EAST` crosses
            the antimeridian.

    Raises:
        DataError: another form, a corner off the globe, or south above north.

    """
    expected = "expected SOUTH,WEST,NORTH,EAST in degrees such as 60.1,24.8,60.3,25.1"
    parts = text.split(",")
    if len(parts) != 4:
        raise DataError(f"{expected}; got {text!r}")
    return Box(*_numbers(parts, expected, text))


def _numbers(parts: list[str], expected: str, text: str) -> list[float]:
    try:
        return [float(part) for part in parts]
    except ValueError as error:
        raise DataError(f"{expected}; got {text!r}") from error
