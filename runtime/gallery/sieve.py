"""The SQL that Lance runs before an area is asked: a sieve of boxes."""

from ..areas import Area, Box


def sql_of(area: Area) -> str:
    """Write the condition that a row lies in every box around an area."""
    return " AND ".join(_sql_of_box(box) for box in area.bounds)


def _sql_of_box(box: Box) -> str:
    latitude = f"latitude >= {box.south!r} AND latitude <= {box.north!r}"
    joint = "OR" if box.crosses_antimeridian else "AND"
    longitude = f"(longitude >= {box.west!r} {joint} longitude <= {box.east!r})"
    if box.touches_antimeridian:
        longitude = f"({longitude} OR longitude = 180.0 OR longitude = -180.0)"
    return f"{latitude} AND {longitude}"
