"""CVUSA's layout on disk: where the two views of an id lie, and the lists beside them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..assignment import Assignment, held_out_worlds, training_worlds
from ..config import TownConfig
from ..survey import Pair, Survey
from .contact_sheet import contact_sheet, shown
from .picture_files import read_picture, write_picture

ORIGIN = (39.8333, -98.5833)
"""Latitude and longitude of a town in CVUSA's layout: farmland in Kansas, near the geographic
centre of the contiguous United States (39 deg 50 min N, 98 deg 35 min W)."""

SATELLITE_FOLDER = "bingmap/19"
GROUND_FOLDER = "streetview/panos"
SPLIT_FILES = {"train": "splits/train-19zl.csv", "val": "splits/val-19zl.csv"}
COORDINATES_FILE = "all.csv"


class CvusaLayout:
    """Pairs under numbered names; a world's row is its lines of all.csv."""

    def assign(self, config: TownConfig) -> list[Assignment]:
        """Ids count up through the training worlds, then the test worlds."""
        training = training_worlds(config, ORIGIN)
        return training + held_out_worlds(config, ORIGIN, first_id=config.places + 1)

    def make_folders(self, root: Path) -> None:
        """Create the folders under `root`."""
        for name in (SATELLITE_FOLDER, GROUND_FOLDER, "splits"):
            (root / name).mkdir(parents=True)

    def write_world(self, root: Path, survey: Survey) -> list[str]:
        """Write the two views of each place as JPEG."""
        quality, lines = survey.config.jpeg_quality, []
        for pair in survey.pairs():
            write_picture(root / satellite_name(pair.id), pair.satellite, quality)
            write_picture(root / ground_name(pair.id), pair.ground, quality)
            lines.append(coordinate_line(pair))
        return lines

    def write_lists(self, root: Path, config: TownConfig, rows: Sequence[list[str]]) -> None:
        """Write all.csv and the two splits."""
        (root / COORDINATES_FILE).write_text("".join(line for lines in rows for line in lines))
        total = config.places + config.test_places
        ids = {"train": range(1, config.places + 1), "val": range(config.places + 1, total + 1)}
        for split, name in SPLIT_FILES.items():
            (root / name).write_text("".join(split_line(id_) for id_ in ids[split]))

    def sheet(self, root: Path, config: TownConfig, rows: Sequence[list[str]]) -> NDArray[np.uint8]:
        """Show pairs of both splits."""
        ids = [index + 1 for index in shown(config.places + config.test_places)]
        pairs = [
            ([read_picture(root / satellite_name(id_))], read_picture(root / ground_name(id_)))
            for id_ in ids
        ]
        return contact_sheet(pairs, config.vertical_view_deg)

    def summary(self, config: TownConfig, rows: Sequence[list[str]]) -> str:
        """Say how many places each split has."""
        return f"{config.places} training and {config.test_places} test places"


def satellite_name(id_: int) -> str:
    """Path of a tile under the root."""
    return f"{SATELLITE_FOLDER}/{id_:07d}.jpg"


def ground_name(id_: int) -> str:
    """Path of a panorama under the root."""
    return f"{GROUND_FOLDER}/{id_:07d}.jpg"


def split_line(id_: int) -> str:
    """One line of a split's list. Annotations are named, as CVUSA does, but not written."""
    return f"{satellite_name(id_)},{ground_name(id_)},streetview/annotations/{id_:07d}.png\n"


def coordinate_line(pair: Pair) -> str:
    """One line of all.csv: tile's latitude and longitude, panorama's, and its heading."""
    values = (*pair.satellite_degrees, *pair.ground_degrees)
    return ",".join([*(f"{value:.9f}" for value in values), f"{pair.heading_deg:.3f}"]) + "\n"
