"""The images that ranges are measured on: apart from the gate's, wherever there are enough."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..runtime.datasets import Layout, read_places
from ..runtime.preprocess import View
from .gate.images import MAX_PLACES, GateImages, folder_images, thinned

CALIBRATION_PLACES = 32
"""
Each costs 0.3 s a view for ConvNeXt-Tiny at CVUSA's sizes; the limits leave room for what more
places would show.
"""

ENOUGH = 16
"""Images of a folder from which on a quarter of them is kept from the gate."""

CalibrationSource = Literal["training places", "folders", "the gate's own images"]


@dataclass(frozen=True, slots=True)
class CalibrationImages:
    """Image files of both views; they need not be pairs."""

    source: CalibrationSource
    """What they are; the gate sees none of the first two."""

    ground: tuple[Path, ...]
    """At least one."""

    satellite: tuple[Path, ...]
    """At least one."""

    def of(self, view: View) -> tuple[Path, ...]:
        """Return one view's files."""
        return self.ground if view == "ground" else self.satellite


def training_images(
    data: Path, layout: Layout, max_places: int = CALIBRATION_PLACES
) -> CalibrationImages:
    """
    Take the training places of a data set, evenly thinned to `max_places`.

    Raises:
        DataError: the folder is not of that layout.

    """
    places = read_places(data, layout, "train")
    chosen = [places[row] for row in thinned(len(places), max_places)]
    return CalibrationImages(
        "training places",
        tuple(place.ground for place in chosen),
        tuple(place.satellite for place in chosen),
    )


def own_images(gate: GateImages) -> CalibrationImages:
    """Take the gate's images, evenly thinned: where no others were given, or too few."""
    ground, satellite = (
        tuple(files[row] for row in thinned(len(files), CALIBRATION_PLACES))
        for files in (gate.ground, gate.satellite)
    )
    return CalibrationImages("the gate's own images", ground, satellite)


def split_folders(
    ground: Path, satellite: Path, max_images: int = MAX_PLACES
) -> tuple[GateImages, CalibrationImages]:
    """
    Divide two folders of images, which need not belong together, between gate and calibration.

    With fewer than `ENOUGH` images in a folder, both look at the same ones.

    Args:
        ground: a folder.
        satellite: a folder.
        max_images: images of each that the gate looks at, at most.

    Raises:
        DataError: a folder is missing or holds no image.

    """
    everything = folder_images(ground, satellite, max_images=None)
    views = (everything.ground, everything.satellite)
    if min(map(len, views)) < ENOUGH:
        gate = folder_images(ground, satellite, max_images)
        return gate, own_images(gate)
    kept = [thinned(len(files), min(CALIBRATION_PLACES, len(files) // 4)) for files in views]
    seen = [
        tuple(file for row, file in enumerate(files) if row not in rows)[:max_images]
        for files, rows in zip(views, kept, strict=True)
    ]
    apart = [tuple(files[row] for row in rows) for files, rows in zip(views, kept, strict=True)]
    return GateImages("folders", *seen), CalibrationImages("folders", *apart)
