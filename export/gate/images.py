"""The images an export is checked on: held-out places, folders, or (FP32 only) noise."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from ...runtime.artifact import sha256_of
from ...runtime.datasets import Layout, one_a_tile, read_places
from ...runtime.preprocess import VIEWS, View
from ...runtime.sources import read_source
from ...training.config import NetworkConfig

MAX_PLACES = 1000
"""Places that a gate looks at unless told otherwise."""

NOISE_IMAGES = 8


@dataclass(frozen=True, slots=True)
class GateImages:
    """Image files of both views."""

    source: Literal["held-out places", "folders", "noise"]
    """Only held-out places are pairs, and so can count lost queries."""

    ground: tuple[Path, ...]
    """For pairs, file i shows what satellite file i shows."""

    satellite: tuple[Path, ...]
    """See `ground`."""

    @property
    def paired(self) -> bool:
        """Whether retrieval can be measured."""
        return self.source == "held-out places"

    def of(self, view: View) -> tuple[Path, ...]:
        """Return one view's files."""
        return self.ground if view == "ground" else self.satellite

    def sha256(self) -> str:
        """Hash every file's bytes, in order: the data that a parity report speaks of."""
        return files_sha256([path for view in VIEWS for path in self.of(view)])


def files_sha256(files: Sequence[Path]) -> str:
    """Hash the hashes of some files, in order."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(bytes.fromhex(sha256_of(path)))
    return digest.hexdigest()


def held_out_images(data: Path, layout: Layout, max_places: int = MAX_PLACES) -> GateImages:
    """
    Take the held-out places of a data set, evenly thinned to `max_places`, one a tile.

    So no tile stands in the gallery twice, where its copy would tie with it.

    Raises:
        DataError: the folder is not of that layout.

    """
    places = one_a_tile(read_places(data, layout))
    chosen = [places[row] for row in thinned(len(places), max_places)]
    return GateImages(
        "held-out places",
        tuple(place.ground for place in chosen),
        tuple(place.satellite for place in chosen),
    )


def thinned(count: int, at_most: int) -> list[int]:
    """List at most that many of `count` rows, evenly spread, first and last among them."""
    rows = np.linspace(0, count - 1, min(count, at_most))
    return sorted({int(row) for row in rows})


def folder_images(ground: Path, satellite: Path, max_images: int | None = MAX_PLACES) -> GateImages:
    """
    Take two folders of images that need not belong together.

    Args:
        ground: a folder.
        satellite: a folder.
        max_images: the first so many of each; None takes all.

    Raises:
        DataError: a folder is missing or holds no image.

    """
    files = [
        tuple(item.path for item in read_source(folder)[:max_images])
        for folder in (ground, satellite)
    ]
    return GateImages("folders", files[0], files[1])


def noise_images(network: NetworkConfig, folder: Path) -> GateImages:
    """Write a few images of noise into `folder`: enough to compare FP32, not to trust FP16."""
    random = np.random.default_rng(0)
    files: dict[View, list[Path]] = {view: [] for view in VIEWS}
    for view in VIEWS:
        size = network.preprocess(view)
        for index in range(NOISE_IMAGES):
            path = folder / f"{view}_{index}.png"
            noise = random.integers(0, 256, (size.height, size.width, 3), np.uint8)
            cv2.imwrite(str(path), noise)
            files[view].append(path)
    return GateImages("noise", tuple(files["ground"]), tuple(files["satellite"]))
