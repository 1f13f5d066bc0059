"""
Which way a panorama looks, and where in it a photograph of known heading belongs.

A panorama's columns run clockwise, each over the same angle. `Panorama` is the contract that a
network was trained with; it stands in `preprocess.json`.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from typing_extensions import Self

from .artifact import Artifact
from .errors import ConfigError, DataError

Projection = Literal["equirectangular", "pinhole"]
"""How a photograph's columns spread over its field of view: evenly, or as on a flat sensor."""
PROJECTIONS: tuple[Projection, ...] = get_args(Projection)

TIE = 1e-6
"""
Columns. What lies this close below a bound counts as on it, so that the last bits of a heading
do not decide where a photograph lies.
"""


class Panorama(Artifact):
    """What the columns of a ground image mean."""

    fov_deg: float = Field(default=360.0, gt=0, le=360)
    """Horizontal field of view of the whole image, in degrees."""

    wrap: bool = True
    """Whether the first and the last column are neighbours; only a full turn may say so."""

    centre_heading_deg: float | None = Field(default=None, ge=0, lt=360)
    """Where the image's centre looks, in degrees clockwise from north; None: nobody knows."""

    @model_validator(mode="after")
    def _only_a_full_turn_wraps(self) -> Self:
        if self.wrap and self.fov_deg != 360:
            raise ValueError(f"only 360 degrees wrap, got fov_deg {self.fov_deg}: set wrap: false")
        return self


NORTH_CENTRED = Panorama(centre_heading_deg=0.0)
"""A full turn with north in the middle: CVUSA, CVACT, VIGOR and the town."""


NO_NORTH = (
    "a photograph's heading cannot be used: the network's preprocessing does not say where its "
    "panoramas look (ground.panorama.centre_heading_deg of the training's configuration); give "
    "neither --heading nor --fov, nor columns of these names"
)
"""What to tell whoever names a heading to a network without a contract."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A photograph that shows a part of the horizon, or a panorama that looks another way."""

    heading_deg: float
    """Where its centre looks, in degrees clockwise from north; any finite number."""

    fov_deg: float
    """Its horizontal field of view in degrees: above 0, at most 360, for a pinhole below 180."""

    projection: Projection = "equirectangular"
    """`equirectangular`: a strip of a panorama. `pinhole`: a common photograph."""

    def __post_init__(self) -> None:
        """Refuse angles that no photograph has, with a DataError."""
        problem = crop_problem(self.heading_deg, self.fov_deg, self.projection)
        if problem:
            raise DataError(problem)


def crop_problem(
    heading_deg: float, fov_deg: float, projection: Projection = "equirectangular"
) -> str | None:
    """
    Say what is wrong with a photograph's angles.

    Returns:
        None if nothing is; else which number, the range and what came.

    """
    if not math.isfinite(heading_deg):
        return f"heading {heading_deg} is not a number of degrees"
    if not 0 < fov_deg <= 360:
        return f"fov {fov_deg} is not a number of degrees above 0 and up to 360"
    if projection == "pinhole" and fov_deg >= 180:
        return f"fov {fov_deg} is not below 180 degrees, as a pinhole's must be"
    return None


def columns_of(panorama: Panorama | None, width: int, crop: Crop) -> NDArray[np.intp]:
    """
    Find the columns that a photograph covers.

    Its two edges are rounded to the nearest column edge, ties to the right, so neighbouring
    photographs neither overlap nor leave a gap. Where nothing is left, it is the column of the
    photograph's middle.

    Args:
        panorama: the contract.
        width: W, columns of the whole panorama.
        crop: the photograph's angles.

    Returns:
        [n] column numbers in 0..W-1, from the photograph's left to its right, 1 ≤ n ≤ W.

    Raises:
        ConfigError: there is no contract, or it does not know where north is.
        DataError: the photograph reaches beyond a panorama that does not wrap.

    """
    if panorama is None or panorama.centre_heading_deg is None:
        raise ConfigError(NO_NORTH)
    turn_deg = (crop.heading_deg - panorama.centre_heading_deg + 180) % 360 - 180
    per_deg = width / panorama.fov_deg
    middle, reach = width / 2 + turn_deg * per_deg, crop.fov_deg / 2 * per_deg
    first, end = _floor(middle - reach + 0.5), _floor(middle + reach + 0.5)
    if first == end:
        first, end = _floor(middle), _floor(middle) + 1
    outside = not panorama.wrap and (first < 0 or end > width)
    if outside or crop.fov_deg > panorama.fov_deg:
        raise DataError(
            f"a photograph of {crop.fov_deg:g} degrees at heading {crop.heading_deg:g} reaches "
            f"beyond the network's panorama: {panorama.fov_deg:g} degrees around heading "
            f"{panorama.centre_heading_deg:g}"
        )
    return np.arange(first, end)[:width] % width


def _floor(column: float) -> int:
    return math.floor(column + TIE)


def even_columns(image: NDArray[np.uint8], fov_deg: float) -> NDArray[np.uint8]:
    """
    Spread a pinhole's columns evenly over its field of view.

    The column at x, measured from the centre and half a width being 1, looks
    atan(x * tan(fov / 2)) aside. Rows stay as they are.

    Args:
        image: [h, w, 3] uint8, both sides below 32,767, the limit of OpenCV's remap.
        fov_deg: its field of view, below 180 degrees.

    Returns:
        [h, w, 3] uint8.

    """
    height, width = image.shape[:2]
    half = math.radians(fov_deg / 2)
    share = (np.arange(width) + 0.5) / width * 2 - 1
    x = (np.tan(share * half) / math.tan(half) + 1) / 2 * width - 0.5
    rows, columns = np.indices((height, width), np.float32)
    columns[:] = x
    spread = cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(spread, np.uint8)
