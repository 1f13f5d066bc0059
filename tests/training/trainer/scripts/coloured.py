"""Places of one colour each, as files."""

from pathlib import Path

import cv2
import numpy as np

from clnet.runtime.datasets import Place


def coloured_places(folder: Path, count: int, seed: int) -> list[Place]:
    """
    List pairs 100 m apart, the two images of a place of one colour.

    Files are written unless they are there, so that another process lists the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(seed).integers(0, 256, (count, 1, 1, 3), np.uint8)
    places = []
    for row, colour in enumerate(colours):
        ground, satellite = folder / f"{row}-ground.png", folder / f"{row}-tile.png"
        for path, shape in ((ground, (32, 128, 3)), (satellite, (64, 64, 3))):
            if not path.exists():
                cv2.imwrite(str(path), np.broadcast_to(colour, shape))
        north = 47.0 + row / 1000
        where = f"list.csv row {row + 1}"
        places.append(Place(str(row), ground, satellite, north, 8.0, north, 8.0, row=where))
    return places
