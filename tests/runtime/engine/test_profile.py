import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from clnet.runtime.engine.profile import Profile, Range

PROFILE = Profile(
    shapes={
        "queries": Range(min=(1, 16), opt=(8, 16), max=(64, 16)),
        "gallery": Range(min=(1, 16), opt=(512, 16), max=(512, 16)),
    },
    values={"k": Range(min=(1,), opt=(16,), max=(3840,))},
)


@pytest.mark.parametrize(
    ("queries", "gallery", "fits"),
    [
        pytest.param((1, 16), (1, 16), True, id="least"),
        pytest.param((64, 16), (512, 16), True, id="most"),
        pytest.param((65, 16), (512, 16), False, id="one-more"),
        pytest.param((64, 16), (0, 16), False, id="none"),
        pytest.param((64, 17), (512, 16), False, id="other-d"),
        pytest.param((64,), (512, 16), False, id="other-rank"),
    ],
)
def test_a_profile_admits_what_lies_within_all_its_ranges(
    queries: tuple[int, ...], gallery: tuple[int, ...], fits: bool
) -> None:
    assert PROFILE.admits({"queries": queries, "gallery": gallery}) is fits


def test_a_profile_asks_for_every_input() -> None:
    assert not PROFILE.admits({"queries": (1, 16)})
    assert not PROFILE.admits({"queries": (1, 16), "gallery": (1, 16), "images": (1, 16)})


@pytest.mark.parametrize(("low", "middle", "high"), [((2,), (1,), (3,)), ((1,), (1, 1), (1,))])
def test_a_range_that_does_not_rise_is_refused(
    low: tuple[int, ...], middle: tuple[int, ...], high: tuple[int, ...]
) -> None:
    with pytest.raises(ValidationError):
        Range(min=low, opt=middle, max=high)


@given(st.lists(st.integers(0, 99), min_size=3, max_size=3), st.integers(0, 99))
def test_a_range_holds_its_ends_and_what_lies_between(ends: list[int], number: int) -> None:
    low, middle, high = sorted(ends)

    held = Range(min=(low,), opt=(middle,), max=(high,)).holds((number,))

    assert held == (number in range(low, high + 1))


def test_a_profile_survives_the_way_to_disk() -> None:
    assert Profile.model_validate_json(PROFILE.model_dump_json()) == PROFILE
