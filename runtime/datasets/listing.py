"""One view of a data set as a CSV that clnet-embed and clnet-match read."""

import csv
from collections.abc import Sequence
from pathlib import Path

from ..atomic import file_written_aside
from ..preprocess import View
from .place import Place


def write_listing(places: Sequence[Place], view: View, path: Path) -> None:
    """
    Write `id,path,latitude,longitude`, one place a row.

    Images below the list's folder are named relative to it, so that both may be moved together;
    others by their absolute path. Coordinates are the camera's for the ground view and the
    centre of the tile for the satellite view; empty where the data set has none.

    Raises:
        ArtifactError: the file cannot be written.

    """
    with file_written_aside(path) as aside, aside.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "path", "latitude", "longitude"])
        for place in places:
            if view == "ground":
                image, position = place.ground, (place.latitude, place.longitude)
            else:
                image, position = place.satellite, (place.tile_latitude, place.tile_longitude)
            numbers = ("" if value is None else value for value in position)
            rows.writerow([place.id, _named(image, path.parent), *numbers])


def _named(image: Path, folder: Path) -> Path:
    image, folder = image.resolve(), folder.resolve()
    return image.relative_to(folder) if image.is_relative_to(folder) else image
