"""
VIGOR: panoramas of four cities, and tiles that cover each city with an overlap of a half.

The tile whose centre is nearest to a panorama is its positive; three more that show it are its
semi-positives. Every tile of the split's cities is in the gallery (github Jeff-Zilence/VIGOR).
"""

from dataclasses import dataclass
from pathlib import Path

from ...errors import ConfigError, DataError
from ..dataset import Area, Labels
from ..faults import Faults
from ..place import Place, Split
from ..task import GalleryRows, Picture, Protocol, Task
from .city import City, read_city
from .files import find_cities

_CITIES: dict[tuple[Area, Split], tuple[str, ...]] = {
    ("same", "train"): ("NewYork", "Seattle", "SanFrancisco", "Chicago"),
    ("same", "test"): ("NewYork", "Seattle", "SanFrancisco", "Chicago"),
    ("cross", "train"): ("NewYork", "Seattle"),
    ("cross", "test"): ("SanFrancisco", "Chicago"),
}


@dataclass(frozen=True, slots=True)
class Vigor:
    """VIGOR: train and test, by one of two divisions."""

    root: Path
    """Holds the cities, or `ground/` and `satellite/` with a folder a city, and the lists."""

    faults: Faults
    """What to do with broken rows and missing cities."""

    area: Area = "same"
    """Train and test in the same four cities, or in two and two."""

    labels: Labels = "original"
    """As published, or corrected (github tudelft-iv/SliceMatch)."""

    held_out: Split = "test"
    """There is no val split."""

    def places(self, split: Split) -> list[Place]:
        """
        Read one split: a place a panorama, with its positive tile. Images are not opened.

        Raises:
            DataError: the folder is in no layout of VIGOR; a city is missing; a list is empty or
                has a row of another form.
            ConfigError: VIGOR has no such split.

        """
        return _places(self._read(split))

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """
        List the one task: every panorama against every tile of the split's cities.

        `positive tile` counts semi-positives as wrong. `hit rate` leaves them out: its R@1 is the
        share of panoramas whose positive no tile but a semi-positive outranks.

        Raises:
            DataError: as `places`.
            ConfigError: as `places`.

        """
        cities = self._read(split)
        places = _places(cities)
        gallery = [tile for city in cities for tile in city.tiles.values()]
        rows = {tile.id: row for row, tile in enumerate(gallery)}
        right = GalleryRows.of([rows[place.tile]] for place in places)
        also = GalleryRows.of([rows[tile] for tile in place.also_on] for place in places)
        task = Task(
            name=self._named(split),
            query_view="ground",
            queries=tuple(_query(city, place) for city in cities for place in city.places),
            gallery=tuple(gallery),
            protocols=(
                Protocol("positive tile", right),
                Protocol("hit rate (semi-positives ignored)", right, ignored=also),
            ),
        )
        return (task,)

    def _named(self, split: Split) -> str:
        name = f"VIGOR {self.area}-area {split}"
        return name if self.labels == "original" else f"{name}, corrected labels"

    def _read(self, split: Split) -> list[City]:
        cities = _CITIES.get((self.area, split))
        if cities is None:
            raise ConfigError(f"VIGOR has no {split} split: train and test")
        name = "pano_label_balanced" if self.area == "cross" else f"same_area_balanced_{split}"
        found = find_cities(self.root, cities, name, self.labels, self.faults)
        read = [read_city(files, self.faults) for files in found]
        _refuse_doubles(read)
        if not any(city.places for city in read):
            raise DataError(
                f"{self.root}: nothing of VIGOR's {name} can be used; "
                f"the last fault: {self.faults.broken[-1]}"
            )
        return read


def _places(cities: list[City]) -> list[Place]:
    return [place for city in cities for place in city.places]


def _query(city: City, place: Place) -> Picture:
    return Picture(place.id, place.ground, place.latitude, place.longitude, city.name, place.row)


def _refuse_doubles(cities: list[City]) -> None:
    """Refuse what is in two cities: a copied folder, or lists under the wrong name."""
    seen: dict[str, str] = {}
    for city in cities:
        for id_ in [*city.tiles, *(place.id for place in city.places)]:
            if seen.setdefault(id_, city.name) != city.name:
                raise DataError(
                    f"{id_} is listed in {seen[id_]} and in {city.name}; "
                    "each city has tiles and panoramas of its own"
                )
