"""A list of a data set's images can be moved together with them."""

import csv
from pathlib import Path

from clnet.runtime import read_source
from clnet.runtime.datasets.listing import write_listing
from clnet.runtime.datasets.place import Place


def place(folder: Path) -> Place:
    return Place(id="a", ground=folder / "ground" / "a.jpg", satellite=folder / "tile" / "a.jpg")


def paths_in(listing: Path) -> list[str]:
    with listing.open(newline="") as stream:
        return [row["path"] for row in csv.DictReader(stream)]


def test_images_below_the_list_are_named_relative_to_it(tmp_path: Path) -> None:
    listing = tmp_path / "tiles.csv"

    write_listing([place(tmp_path / "town")], "satellite", listing)

    assert paths_in(listing) == ["town/tile/a.jpg"]
    moved = tmp_path.parent / f"{tmp_path.name} moved"
    tmp_path.rename(moved)
    (item,) = read_source(moved / "tiles.csv")
    assert item.path == moved / "town" / "tile" / "a.jpg"


def test_images_elsewhere_are_named_in_full(tmp_path: Path) -> None:
    listing = tmp_path / "lists" / "queries.csv"

    write_listing([place(tmp_path / "town")], "ground", listing)

    assert paths_in(listing) == [str(tmp_path.resolve() / "town" / "ground" / "a.jpg")]
    (item,) = read_source(listing)
    assert item.path == tmp_path.resolve() / "town" / "ground" / "a.jpg"
