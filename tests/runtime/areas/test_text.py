"""Areas as they are typed on a command line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.areas import Box, Radius
from clnet.runtime.areas.text import box_of, radius_of
from clnet.runtime.errors import DataError

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("60.17,24.94,500m", 500), ("60.17, 24.94, 2km", 2000), (" 60.17,24.94,0.25 km ", 250)],
)
def test_a_radius_is_in_metres_or_kilometres(text: str, metres: float) -> None:
    assert radius_of(text) == Radius(60.17, 24.94, metres)


@given(LATITUDES, LONGITUDES, st.integers(1, 10**7))
def test_any_centre_on_the_globe_is_read_exactly(lat: float, lon: float, metres: int) -> None:
    assert radius_of(f"{lat!r},{lon!r},{metres}m") == Radius(lat, lon, metres)


@pytest.mark.parametrize(
    "text",
    ["60.17,24.94", "60.17,24.94,500", "60.17,24.94,5mi", "60.17;24.94;5m", "60.17,24.94,-5m",
     "60.17,24.94,1.2.3m", "1,60.17,24.94,5m", "a,24.94,5m", ""],
)  # fmt: skip
def test_another_form_of_a_radius_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DataError, match=r"such as 60\.17,24\.94,500m or .*; got '") as refusal:
        radius_of(text)

    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["91,0,5m", "0,181,5m", "nan,0,5m", "0,inf,5m", "0,0,0m"])
def test_a_radius_off_the_globe_or_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="radius"):
        radius_of(text)


@given(LATITUDES, LATITUDES, LONGITUDES, LONGITUDES)
def test_any_box_is_read_exactly(a: float, b: float, west: float, east: float) -> None:
    south, north = sorted((a, b))

    assert box_of(f"{south!r},{west!r},{north!r},{east!r}") == Box(south, west, north, east)


@pytest.mark.parametrize("text", ["1,2,3", "1,2,3,4,5", "1,2,3,x", "1 2 3 4", ""])
def test_another_form_of_a_box_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DataError, match=r"such as 60\.1,24\.8,60\.3,25\.1; got '"):
        box_of(text)


@given(st.text(alphabet="0123456789.,-+eKkmnaif _\u0663", max_size=30))
def test_any_text_is_an_area_or_refused(text: str) -> None:
    for read in (radius_of, box_of):
        try:
            read(text)
        except DataError:
            continue
