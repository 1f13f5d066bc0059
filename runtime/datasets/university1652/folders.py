"""University-1652's folders: a folder a building, named by its number, with its images."""

import os
from pathlib import Path

from ...errors import DataError
from ..faults import Faults
from ..task import Picture

_SUFFIXES = (".jpg", ".jpeg", ".png")


def read_pictures(folder: Path, faults: Faults) -> list[Picture]:
    """
    List what a folder such as `train/drone` holds: `<building>/<image>.{jpg,jpeg,png}`.

    Returns:
        Pictures `<building>/<image>` of group `<building>`, in the order of their names.

    Raises:
        DataError: it is missing or holds no images; a building has none, or two of one name that
            differ in their suffix, and `faults` is strict.

    """
    pictures: list[Picture] = []
    for building in _listed(folder, folders=True):
        images = _images(folder / building, faults)
        if not images:
            faults.meet(f"{folder / building}: no images; expected at least one {_SUFFIXES}")
        pictures += [
            Picture(f"{building}/{stem}", path, group=building) for stem, path in images.items()
        ]
    if not pictures:
        raise DataError(f"{folder}: no images; expected folders of buildings with {_SUFFIXES}")
    return pictures


def read_tiles(folder: Path, faults: Faults) -> list[Picture]:
    """
    List a folder that has one image a building: `train/satellite`, `test/gallery_satellite`.

    Raises:
        DataError: as `read_pictures`; a building has several images and `faults` is strict.

    """
    tiles: dict[str, Picture] = {}
    for picture in read_pictures(folder, faults):
        first = tiles.setdefault(picture.group, picture)
        if first is not picture:
            faults.meet(f"{picture.path}: expected one tile of a building; {first.path} is another")
    return list(tiles.values())


def _images(folder: Path, faults: Faults) -> dict[str, Path]:
    images: dict[str, Path] = {}
    for name in _listed(folder, folders=False):
        path = folder / name
        if path.suffix.lower() not in _SUFFIXES or name.startswith("."):
            continue
        first = images.setdefault(path.stem, path)
        if first is not path:
            faults.meet(f"{path}: {first.name} is there, too; expected one image a name")
    return images


def _listed(folder: Path, *, folders: bool) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir() == folders)
    except OSError as error:
        raise DataError(
            f"cannot list {folder}: {error.strerror or error}; expected University-1652's layout"
        ) from error
