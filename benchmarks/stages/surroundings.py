"""What the stages need beside a bundle: photographs, and a gallery to search."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...runtime.bundle import Bundle
from ...runtime.gallery import GalleryInfo, Places, gallery_writer
from ...runtime.preprocess import VIEWS, View
from ..matching.vectors import unit_vectors
from ..subjects.photographs import write_photographs

FILE_SIZES: dict[View, tuple[int, int]] = {"ground": (1232, 224), "satellite": (750, 750)}
"""Width and height of CVUSA's files, in pixels."""

_PHOTOGRAPHS = 3
_COMMIT_ROWS = 25_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where they lie."""

    photographs: dict[View, Path]
    """A folder of JPEG files of CVUSA's size for each view."""

    gallery: Path
    """N random unit vectors, each with a position."""

    places: int
    """N."""


def write_surroundings(bundle: Bundle, folder: Path, places: int) -> Surroundings:
    """
    Draw photographs and write a gallery that the bundle may search.

    Args:
        bundle: whose embedding space the gallery claims to be of.
        folder: takes them; made if need be.
        places: N.

    Raises:
        ArtifactError: the folder cannot be written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    photographs = {view: folder / view for view in VIEWS}
    for view, path in photographs.items():
        write_photographs(path, _PHOTOGRAPHS, *FILE_SIZES[view])
    gallery = folder / "gallery"
    info = GalleryInfo(
        bundle.manifest.embedding_space_id, bundle.manifest.embedding_dim, "satellite"
    )
    with gallery_writer(gallery, info) as writer:
        for block in _random_places(places):
            seed = int(block.ids[0])
            writer.append_places(block, unit_vectors(len(block), info.embedding_dim, seed))
    return Surroundings(photographs, gallery, places)


def _random_places(count: int) -> Iterator[Places]:
    chance = np.random.default_rng(0)
    for start in range(0, count, _COMMIT_ROWS):
        ids = tuple(f"{n}" for n in range(start, min(start + _COMMIT_ROWS, count)))
        latitudes, longitudes = chance.uniform(-60, 60, (2, len(ids)))
        yield Places(ids, tuple(f"{n}.jpg" for n in ids), latitudes, longitudes)
