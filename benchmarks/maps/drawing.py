"""What the pictures share: an array over an image's area, with its scale, and a PNG on disk."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...runtime.atomic import file_written_aside
from ...runtime.preprocess import Preprocess

if TYPE_CHECKING:  # matplotlib is of the extra `bench`, and slow to load
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

FONT_PT = 8
DPI = 150

_SCALE_SHARE = 0.06
"""Thickness of a colour scale by the width of a square picture."""

Floats = NDArray[np.floating[Any]]


def figure(wide_in: float, high_in: float) -> "Figure":
    """Begin a figure whose parts make room for each other."""
    from matplotlib.figure import Figure

    return Figure(figsize=(wide_in, high_in), layout="constrained")


def save(drawn: "Figure", path: Path) -> Path:
    """
    Write a PNG.

    Raises:
        ArtifactError: `path` cannot be written.

    """
    with file_written_aside(path) as aside:
        drawn.savefig(aside, format="png", dpi=DPI)
    return path


def heat(
    axes: "Axes", values: Floats, size: Preprocess, title: str, *, signed: bool = False
) -> None:
    """
    Draw [H, W] values over the area of the network's image, with a colour scale.

    Args:
        axes: where.
        values: a cell each, as large as the part of the image that it stands for.
        size: of that image, whose aspect is kept.
        title: above it.
        signed: white at zero, blue below it and red above.

    """
    reach = float(np.abs(values).max()) or 1.0
    scale = {"cmap": "RdBu_r", "vmin": -reach, "vmax": reach} if signed else {"cmap": "cividis"}
    drawn = axes.imshow(
        values, extent=(0, size.width, size.height, 0), interpolation="nearest", **scale
    )
    axes.set_title(title, fontsize=FONT_PT, loc="left", pad=3)
    label_directions(axes, size)
    scale_of(axes, drawn)


def picture(axes: "Axes", image: NDArray[np.uint8], size: Preprocess, title: str) -> None:
    """Draw [H, W, 3] uint8 as it is."""
    axes.imshow(image, extent=(0, size.width, size.height, 0))
    axes.set_title(title, fontsize=FONT_PT, loc="left", pad=3)
    label_directions(axes, size)


def overlay(
    axes: "Axes",
    image: NDArray[np.uint8],
    values: Floats,
    size: Preprocess,
    limits: tuple[float, float],
    title: str,
) -> "AxesImage":
    """
    Lay values over an image, half transparent.

    Args:
        axes: where.
        image: [H, W, 3] uint8.
        values: [H, W] of any size.
        size: of the image.
        limits: of the colour scale, which neighbours share.
        title: above it.

    Returns:
        What `scale_of` makes a colour scale of.

    """
    extent = (0, size.width, size.height, 0)
    axes.imshow(image.mean(axis=2), extent=extent, cmap="gray", vmin=0, vmax=255)
    drawn = axes.imshow(
        values, extent=extent, cmap="inferno", alpha=0.55, interpolation="nearest",
        vmin=limits[0], vmax=limits[1],
    )  # fmt: skip
    axes.set_title(title, fontsize=FONT_PT, loc="left", pad=3)
    label_directions(axes, size)
    return drawn


def label_directions(axes: "Axes", size: Preprocess) -> None:
    """Write compass points under a panorama that goes around; nothing else has ticks."""
    axes.set_yticks([])
    axes.set_xticks([])
    panorama = size.panorama
    if panorama is None or panorama.fov_deg != 360 or panorama.centre_heading_deg is None:
        return
    shift = panorama.centre_heading_deg / 360 - 0.5
    at = [((quarter / 4 - shift) % 1.0) * size.width for quarter in range(4)]
    axes.set_xticks(at, ["N", "E", "S", "W"], fontsize=FONT_PT - 1)
    axes.tick_params(length=2, pad=1)


def scale_of(axes: "Axes", drawn: "AxesImage") -> None:
    """Draw a colour scale at the right of a picture, as high as it."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    thickness = _SCALE_SHARE * max(abs(top - bottom) / abs(right - left), 0.5)
    beside = axes.inset_axes((1 + thickness / 2, 0.0, thickness, 1.0))
    bar = axes.figure.colorbar(drawn, cax=beside)
    bar.ax.tick_params(labelsize=FONT_PT - 2, length=2)
    bar.outline.set_visible(False)
