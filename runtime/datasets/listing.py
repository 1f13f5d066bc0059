"""One view of a data set as a CSV that clnet-embed and clnet-match read."""

import csv
from collections.abc import Iterable
from pathlib import Path

from ..atomic import file_written_aside
from ..preprocess import View
from .task import Picture, Task


def pictures_of(tasks: Iterable[Task], view: View) -> list[Picture]:
    """
    Collect a split's distinct pictures of one view: galleries first, then queries beyond them.

    A picture that a data set keeps twice under one id (University-1652's queries lie among its
    galleries, too) is taken from the gallery.

    """
    tasks = tuple(tasks)
    galleries = [task.gallery for task in tasks if task.gallery_view == view]
    queries = [task.queries for task in tasks if task.query_view == view]
    pictures: dict[str, Picture] = {}
    for side in (*galleries, *queries):
        for picture in side:
            pictures.setdefault(picture.id, picture)
    return list(pictures.values())


def write_listing(pictures: Iterable[Picture], path: Path) -> None:
    """
    Write `id,path,latitude,longitude`, one picture a row.

    Images below the list's folder are named relative to it, so that both may be moved together;
    others by their absolute path. Coordinates are empty where the data set has none.

    Raises:
        ArtifactError: the file cannot be written.

    """
    with file_written_aside(path) as aside, aside.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "path", "latitude", "longitude"])
        for picture in pictures:
            position = (picture.latitude, picture.longitude)
            numbers = ("" if value is None else value for value in position)
            rows.writerow([picture.id, _named(picture.path, path.parent), *numbers])


def _named(image: Path, folder: Path) -> Path:
    image, folder = image.resolve(), folder.resolve()
    return image.relative_to(folder) if image.is_relative_to(folder) else image
