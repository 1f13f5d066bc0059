"""A list names each picture of a view once, and can be moved together with the images."""

import csv
from pathlib import Path

from clnet.runtime import read_source
from clnet.runtime.datasets import GalleryRows, Picture, Protocol, Task
from clnet.runtime.datasets.listing import pictures_of, write_listing
from clnet.runtime.preprocess import View


def tile(folder: Path) -> Picture:
    return Picture("a", folder / "tile" / "a.jpg", 60.5, 24.25)


def task(query_view: View, queries: list[str], gallery: list[str]) -> Task:
    """Make a task of paths; ids are their file names."""
    right = GalleryRows.of([0] for _ in queries)
    sides = ([Picture(Path(path).name, Path(path)) for path in side] for side in (queries, gallery))
    return Task("made", query_view, *map(tuple, sides), (Protocol("exact", right),))


def paths_in(listing: Path) -> list[str]:
    with listing.open(newline="") as stream:
        return [row["path"] for row in csv.DictReader(stream)]


def test_images_below_the_list_are_named_relative_to_it(tmp_path: Path) -> None:
    listing = tmp_path / "tiles.csv"

    write_listing([tile(tmp_path / "town")], listing)

    assert paths_in(listing) == ["town/tile/a.jpg"]
    moved = tmp_path.parent / f"{tmp_path.name} moved"
    tmp_path.rename(moved)
    (item,) = read_source(moved / "tiles.csv")
    assert item.path == moved / "town" / "tile" / "a.jpg"


def test_images_elsewhere_are_named_in_full(tmp_path: Path) -> None:
    listing = tmp_path / "lists" / "queries.csv"

    write_listing([tile(tmp_path / "town")], listing)

    assert paths_in(listing) == [str(tmp_path.resolve() / "town" / "tile" / "a.jpg")]
    (item,) = read_source(listing)
    assert item.path == tmp_path.resolve() / "town" / "tile" / "a.jpg"


def test_coordinates_are_written_where_there_are_some(tmp_path: Path) -> None:
    listing = tmp_path / "tiles.csv"

    write_listing([tile(tmp_path), Picture("b", tmp_path / "b.jpg")], listing)

    assert listing.read_text().splitlines() == [
        "id,path,latitude,longitude",
        "a,tile/a.jpg,60.5,24.25",
        "b,b.jpg,,",
    ]


def test_all_of_a_gallery_is_listed_also_what_no_query_shows() -> None:
    tasks = [task("ground", ["g/1"], ["s/1", "s/2", "s/3"])]

    assert [picture.id for picture in pictures_of(tasks, "satellite")] == ["1", "2", "3"]
    assert [picture.id for picture in pictures_of(tasks, "ground")] == ["1"]


def test_a_picture_that_is_query_and_gallery_is_listed_once_from_the_gallery() -> None:
    tasks = [
        task("ground", ["query/1", "query/2"], ["tiles/1"]),
        task("satellite", ["tiles/1"], ["gallery/2", "gallery/3"]),
    ]

    paths = [str(picture.path) for picture in pictures_of(tasks, "ground")]

    assert paths == ["gallery/2", "gallery/3", "query/1"]
