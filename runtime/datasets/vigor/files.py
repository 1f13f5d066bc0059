"""Where VIGOR's files lie: images are kept in one of two ways, lists in one of a few places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import DataError
from ..dataset import Labels
from ..faults import Faults
from ..folders import is_file, is_folder

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
        DataError: no city's images are there or images are kept in both ways; a city is missing
            and `faults` is strict.

    """
    images = _images(root, cities)
    found: list[CityFiles] = []
    missing: dict[str, list[str]] = defaultdict(list)
    for city in cities:
        panoramas, tiles = (root / folder.format(city=city) for folder in images)
        listed = _first_list(root, labels, city, name)
        if not (is_folder(panoramas) and is_folder(tiles)):
            missing[f"no {_both(images)}"].append(city)
        elif listed is None:
            missing[f"no list {_any(_LABELS[labels], name)}"].append(city)
        elif not is_file(listed.with_name(_TILE_LIST)):
            missing[f"no {_TILE_LIST} beside {listed.name}"].append(city)
        else:
            found.append(CityFiles(city, panoramas, tiles, listed))
    if missing:
        lacks = "; ".join(f"{lack} of {', '.join(some)}" for lack, some in missing.items())
        what = f"{root}: {len(found)} of {len(cities)} cities of VIGOR's {name}; {lacks}"
        faults.meet(what + _other_labels(root, labels, cities, name))
    return found


def _images(root: Path, cities: Sequence[str]) -> tuple[str, str]:
    """Tell how images are kept, by the first city whose folders are there."""
    kept = [
        way
        for way in _IMAGES
        if any(all(is_folder(root / folder.format(city=city)) for folder in way) for city in cities)
    ]
    named, of = [_both(way) for way in _IMAGES], f"of {', '.join(cities)}"
    if not kept:
        raise DataError(f"{root}: expected VIGOR's images, {', or '.join(named)}, {of}")
    if len(kept) > 1:
        raise DataError(
            f"{root}: VIGOR's images lie in {', and in '.join(named)}, {of}; "
            "one layout is read: move the other's folders away"
        )
    return kept[0]


def _first_list(root: Path, labels: Labels, city: str, name: str) -> Path | None:
    paths = (root / path.format(city=city, name=name) for path in _LABELS[labels])
    return next((path for path in paths if is_file(path)), None)


def _other_labels(root: Path, labels: Labels, cities: Sequence[str], name: str) -> str:
    """Say so where labels of the other kind are there: how to ask for them."""
    other: Labels = "corrected" if labels == "original" else "original"
    there = [city for city in cities if _first_list(root, other, city, name)]
    return f"; {other} labels of {', '.join(there)} are there: --labels {other}" if there else ""


def _both(folders: Sequence[str]) -> str:
    return " and ".join(folder.format(city="<City>") for folder in folders)


def _any(lists: Sequence[str], name: str) -> str:
    return " or ".join(path.format(city="<City>", name=name) for path in lists)
