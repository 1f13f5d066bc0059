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

    Paths are absolute. Coordinates are the camera's for the ground view and the centre of the
    tile for the satellite view; empty where the data set has none.

    Raises:
        ArtifactError: the file cannot be written.

    """
    with file_written_aside(path) as aside, aside.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "path", "latitude", "longitude"])
        for place in places:
            if view == "ground":
                row = [place.ground.resolve(), place.latitude, place.longitude]
            else:
                row = [place.satellite.resolve(), place.tile_latitude, place.tile_longitude]
            rows.writerow([place.id, *("" if value is None else value for value in row)])
