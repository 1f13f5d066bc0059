"""One city of VIGOR: its tiles, and its panoramas with the tiles that show them."""

from dataclasses import dataclass

from ..faults import Faults
from ..place import Place
from ..task import Picture
from .files import CityFiles
from .labels import Label, read_labels, read_tiles


@dataclass(frozen=True, slots=True)
class City:
    """What a city gives to a split."""

    name: str

    tiles: dict[str, Picture]
    """Every tile by its file name, in the list's order: also those that nothing is seen from."""

    places: list[Place]
    """One a panorama, in the order of the label file."""


def read_city(files: CityFiles, faults: Faults) -> City:
    """
    Read a city's two lists; images are not looked for.

    Raises:
        DataError: a list is missing or empty; a row is of another form, doubled, or names a tile
            that is not in the list of tiles, and `faults` is strict.

    """
    tiles = _tiles(files, faults)
    places: dict[str, Place] = {}
    for label in read_labels(files.labels, faults):
        unlisted = [name for name in label.tiles if name not in tiles]
        if unlisted:
            faults.meet(f"{label.row}: {unlisted[0]} is not in {files.tile_list}")
        elif label.id in places:
            first = places[label.id].row
            faults.meet(f"{label.row}: panorama {label.id} is listed twice, first in {first}")
        else:
            places[label.id] = _place(files, label, tiles)
    return City(files.city, tiles, list(places.values()))


def _tiles(files: CityFiles, faults: Faults) -> dict[str, Picture]:
    tiles: dict[str, Picture] = {}
    for name, latitude, longitude, row in read_tiles(files.tile_list, faults):
        if name in tiles:
            faults.meet(f"{row}: {name} is listed twice, first in {tiles[name].row}")
        else:
            path = files.tiles / name
            tiles[name] = Picture(name, path, latitude, longitude, files.city, row)
    return tiles


def _place(files: CityFiles, label: Label, tiles: dict[str, Picture]) -> Place:
    positive, *semi_positives = label.tiles
    tile = tiles[positive]
    return Place(
        id=label.id,
        ground=files.panoramas / label.panorama,
        satellite=tile.path,
        latitude=label.latitude,
        longitude=label.longitude,
        tile_latitude=tile.latitude,
        tile_longitude=tile.longitude,
        tile=positive,
        also_on=tuple(semi_positives),
        row=label.row,
    )
