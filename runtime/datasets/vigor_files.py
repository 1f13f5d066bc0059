"""Where VIGOR's files lie: images are kept in one of two ways, lists in one of a few places."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from .dataset import Labels
from .faults import Faults

_IMAGES = (("{city}/panorama", "{city}/satellite"), ("ground/{city}", "satellite/{city}"))
"""As published (github Jeff-Zilence/VIGOR), and as Sample4Geo moves them."""

_LABELS: dict[Labels, tuple[str, ...]] = {
    "original": ("splits/{city}/{name}.txt", "{city}/{name}.txt"),
    "corrected": (
        "splits__corrected/{city}/{name}__corrected.txt",
        "splits__corrected/{city}/{name}.txt",
        "splits/{city}/{name}__corrected.txt",
        "{city}/{name}__corrected.txt",
    ),
}
"""The first that exists is read: the published folder, or the third layout, beside the images."""


_TILE_LIST = "satellite_list.txt"


@dataclass(frozen=True, slots=True)
class CityFiles:
    """One city's folders and lists."""

    city: str
    panoramas: Path
    tiles: Path

    labels: Path
    """Says which tiles show a panorama; `satellite_list.txt` lies beside it."""

    @property
    def tile_list(self) -> Path:
        """The list of all tiles of the city."""
        return self.labels.with_name(_TILE_LIST)


def find_cities(
    root: Path, cities: Sequence[str], name: str, labels: Labels, faults: Faults
) -> list[CityFiles]:
    """
    Find the files of some cities.

    Args:
        root: the data set's folder.
        cities: that the split consists of.
        name: of the label file, without suffix: `same_area_balanced_test`.
        labels: as published, or corrected.
        faults: strict refuses a split of which a city is missing.

    Raises:
        DataError: no city is there, images are kept in both ways, or a city is missing.

    """
    panoramas, tiles = _images(root, cities)
    found, missing = [], []
    for city in cities:
        folders = [root / folder.format(city=city) for folder in (panoramas, tiles)]
        lists = [root / path.format(city=city, name=name) for path in _LABELS[labels]]
        listed = next((path for path in lists if path.is_file()), None)
        if not all(folder.is_dir() for folder in folders):
            missing.append(f"{city} (no folder {_either(folders, root, ' or ')})")
        elif listed is None:
            missing.append(f"{city} (no list {_either(lists, root, ' or ')})")
        elif not listed.with_name(_TILE_LIST).is_file():
            missing.append(f"{city} (no {_TILE_LIST} beside {listed.relative_to(root).as_posix()})")
        else:
            found.append(CityFiles(city, folders[0], folders[1], listed))
    what = f"{root}: VIGOR's {name} is incomplete, {len(found)} of {len(cities)} cities"
    if missing:
        faults.meet(f"{what}; missing: {', '.join(missing)}")
    if not found:
        raise DataError(f"{what}; missing: {', '.join(missing)}")
    return found


def _images(root: Path, cities: Sequence[str]) -> tuple[str, str]:
    """Tell how images are kept, by the first city's folders that are there."""
    kept = [
        way
        for way in _IMAGES
        if any(all((root / folder.format(city=city)).is_dir() for folder in way) for city in cities)
    ]
    ways = [" with ".join(folder.format(city="<City>") for folder in way) for way in _IMAGES]
    named = f"of {', '.join(cities)}"
    if not kept:
        raise DataError(f"{root}: expected VIGOR's images in {' or in '.join(ways)}, {named}")
    if len(kept) > 1:
        raise DataError(
            f"{root}: VIGOR's images lie in {' and in '.join(ways)}, {named}; "
            "one layout is read: move the other's folders away"
        )
    return kept[0]


def _either(paths: Sequence[Path], root: Path, between: str) -> str:
    return between.join(path.relative_to(root).as_posix() for path in paths)
