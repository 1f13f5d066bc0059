"""A photograph of known heading stands where a whole panorama would show the same."""

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from clnet.runtime.errors import ConfigError, DataError
from clnet.runtime.panorama import NORTH_CENTRED, Crop, Panorama, Projection, columns_of
from clnet.runtime.preprocess import Preprocess

W = 72  # 5 degrees a column
SCALE = 4
GROUND = Preprocess(view="ground", height=8, width=W, panorama=NORTH_CENTRED)

headings = st.floats(-1e4, 1e4)
fovs = st.floats(0.01, 360)


def noise(width: int, seed: int = 0) -> NDArray[np.uint8]:
    shape = (GROUND.height * SCALE, width, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


PANORAMA = noise(W * SCALE)
WHOLE = GROUND.fit(PANORAMA)


def columns(heading_deg: float, fov_deg: float, width: int = W) -> list[int]:
    return columns_of(NORTH_CENTRED, width, Crop(heading_deg, fov_deg)).tolist()


def turned(columns: int) -> NDArray[np.uint8]:
    """Take the panorama by a camera that looks that many network columns to the right of north."""
    return np.roll(PANORAMA, -columns * SCALE, axis=1)


@pytest.mark.parametrize(
    ("heading_deg", "expected"),
    [
        pytest.param(0, range(27, 45), id="north-in-the-middle"),
        pytest.param(90, range(45, 63), id="east-at-three-quarters"),
        pytest.param(-90, range(9, 27), id="west-at-one-quarter"),
        pytest.param(180, [*range(63, 72), *range(9)], id="south-across-the-seam"),
        pytest.param(900, [*range(63, 72), *range(9)], id="two-turns-and-a-half"),
    ],
)
def test_a_quarter_of_the_horizon_has_its_columns(heading_deg: float, expected: list[int]) -> None:
    assert columns(heading_deg, 90) == list(expected)


@pytest.mark.parametrize("first", [0, 20, 60])
def test_a_crop_cut_from_a_panorama_gives_the_panoramas_own_columns(first: int) -> None:
    own = np.arange(first, first + 18) % W
    cut = turned(first)[:, : 18 * SCALE]
    heading_deg = (first + 9 - W / 2) * 5

    fitted = GROUND.fit(cut, Crop(heading_deg, 90))

    np.testing.assert_array_equal(fitted[:, own], WHOLE[:, own])


def test_what_the_photograph_does_not_show_is_nearly_zero_to_the_network() -> None:
    fitted = GROUND.fit(PANORAMA[:, : 18 * SCALE], Crop(0, 90))

    empty = GROUND.tensor(fitted[None])[..., [*range(27), *range(45, W)]]
    assert np.abs(empty).max() < 0.5 / 255 / min(GROUND.std)


@given(st.integers(-200, 200), headings, fovs)
@example(7, 2.5, 5.0)  # both edges fall on the middle of a column
def test_turning_the_camera_by_whole_columns_rolls_the_result(
    turn: int, heading_deg: float, fov_deg: float
) -> None:
    fitted = GROUND.fit(PANORAMA, Crop(heading_deg, fov_deg))

    later = GROUND.fit(PANORAMA, Crop(heading_deg + turn * 360 / W, fov_deg))

    np.testing.assert_array_equal(later, np.roll(fitted, turn, axis=1))


@given(st.integers(-200, 200))
def test_a_whole_panorama_of_known_heading_is_rolled_to_north(turn: int) -> None:
    fitted = GROUND.fit(turned(turn), Crop(turn * 360 / W, 360))

    np.testing.assert_array_equal(fitted, WHOLE)


@given(headings, st.lists(st.floats(360 / W, 100), min_size=2, max_size=3))
def test_neighbouring_photographs_neither_overlap_nor_leave_a_gap(
    left_deg: float, fovs_deg: list[float]
) -> None:
    found: list[int] = []
    at = left_deg
    for fov in fovs_deg:
        found += columns(at + fov / 2, fov)
        at += fov

    steps = np.diff(found) % W
    np.testing.assert_array_equal(steps, 1)


@given(headings, fovs)
def test_the_columns_are_the_photographs_to_half_a_column(
    heading_deg: float, fov_deg: float
) -> None:
    found = columns(heading_deg, fov_deg)

    assert 1 <= len(found) <= W
    assert len(found) == pytest.approx(fov_deg / 5, abs=1.001)
    middle = (found[0] + len(found) / 2 - W / 2) * 5
    assert abs((middle - heading_deg + 180) % 360 - 180) <= 5.01 / 2


def test_other_origins_move_the_photograph() -> None:
    south = Panorama(centre_heading_deg=180)

    assert columns_of(south, W, Crop(180, 90)).tolist() == columns(0, 90)


def test_a_narrow_panorama_takes_what_lies_in_it() -> None:
    front = Panorama(fov_deg=120, wrap=False, centre_heading_deg=90)

    assert columns_of(front, W, Crop(60, 60)).tolist() == list(range(36))


@pytest.mark.parametrize(("heading_deg", "fov_deg"), [(45, 60), (90, 130), (270, 10)])
def test_a_photograph_beyond_a_narrow_panorama_is_refused(
    heading_deg: float, fov_deg: float
) -> None:
    front = Panorama(fov_deg=120, wrap=False, centre_heading_deg=90)

    with pytest.raises(DataError, match=r"beyond the network's panorama: 120 degrees around .* 90"):
        columns_of(front, W, Crop(heading_deg, fov_deg))


def test_without_wrap_a_photograph_across_the_seam_is_refused() -> None:
    cut = Panorama(wrap=False, centre_heading_deg=0)

    with pytest.raises(DataError, match="a photograph of 90 degrees at heading 180 reaches"):
        columns_of(cut, W, Crop(180, 90))


@pytest.mark.parametrize("panorama", [None, Panorama()])
def test_a_heading_needs_a_network_that_knows_where_north_is(panorama: Panorama | None) -> None:
    blind = GROUND.model_copy(update={"panorama": panorama})

    with pytest.raises(ConfigError, match=r"does not say where its panoramas look .*centre_head"):
        blind.fit(PANORAMA, Crop(0, 90))


def test_a_satellite_tile_has_no_heading() -> None:
    satellite = Preprocess(view="satellite", height=8, width=8)

    with pytest.raises(ConfigError, match="a satellite image has neither heading nor field"):
        satellite.fit(PANORAMA, Crop(0, 90))


@pytest.mark.parametrize(
    ("heading_deg", "fov_deg", "projection", "message"),
    [
        (math.nan, 90, "equirectangular", "heading nan is not a number"),
        (math.inf, 90, "equirectangular", "heading inf is not a number"),
        (0, 0, "equirectangular", "fov 0 is not a number of degrees above 0"),
        (0, 360.1, "equirectangular", "fov 360.1 is not"),
        (0, math.nan, "equirectangular", "fov nan is not"),
        (0, 180, "pinhole", "fov 180 is not below 180 degrees, as a pinhole's must be"),
    ],
)
def test_angles_that_no_photograph_has_are_refused(
    heading_deg: float, fov_deg: float, projection: Projection, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Crop(heading_deg, fov_deg, projection)


@pytest.mark.parametrize("offset_deg", [-40.0, -20.0, 0.0, 12.5, 40.0])
def test_a_pinholes_columns_stand_at_their_true_angle(offset_deg: float) -> None:
    """A post at a known angle is drawn as a pinhole camera sees it, and looked up afterwards."""
    width, fov_deg = 2000, 90.0
    photograph = np.zeros((40, width, 3), np.uint8)
    focal = width / 2 / math.tan(math.radians(fov_deg / 2))
    post = width / 2 + focal * math.tan(math.radians(offset_deg))
    photograph[:, round(post) - 15 : round(post) + 15] = 255
    wide = Preprocess(view="ground", height=8, width=1440, panorama=NORTH_CENTRED, resize="area")

    fitted = wide.fit(photograph, Crop(100, fov_deg, "pinhole"))

    found = np.flatnonzero(fitted[0, :, 0] > 200).mean() + 0.5
    assert (found - 720) / 4 == pytest.approx(100 + offset_deg, abs=0.2)


def test_a_pinhole_photograph_may_be_wider_than_opencv_maps() -> None:
    wide = np.full((2, 40_000, 3), 255, np.uint8)

    fitted = GROUND.fit(wide, Crop(0, 90, "pinhole"))

    assert (fitted[:, columns(0, 90)] == 255).all()


@pytest.mark.parametrize("projection", get_args(Projection))
def test_either_projection_fills_the_same_columns(projection: Projection) -> None:
    white = np.full((4, 50, 3), 255, np.uint8)

    fitted = GROUND.fit(white, Crop(0, 90, projection))

    assert np.flatnonzero((fitted == 255).all(axis=(0, 2))).tolist() == columns(0, 90)


def test_only_a_full_turn_wraps() -> None:
    with pytest.raises(ValidationError, match=r"only 360 degrees wrap, got fov_deg 180.0"):
        Panorama(fov_deg=180)


def test_only_the_ground_view_may_have_a_panorama() -> None:
    with pytest.raises(ValidationError, match="only the ground view has one"):
        Preprocess(view="satellite", height=8, width=8, panorama=NORTH_CENTRED)


def test_preprocessing_of_before_the_contract_still_reads() -> None:
    old = GROUND.model_dump(exclude={"panorama"})

    assert Preprocess.model_validate(old).panorama is None
