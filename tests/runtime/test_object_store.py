"""Images and tables in an object store."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from simulated_store import BUCKET, SimulatedStore

from clnet.runtime.errors import DataError
from clnet.runtime.images import read_image
from clnet.runtime.object_store import is_stored, list_objects, read_object
from clnet.runtime.pictures import read_picture
from clnet.runtime.sources import read_source

Picture = Callable[..., Path]
Put = Callable[[str, bytes], str]


@pytest.fixture
def put(store: SimulatedStore, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Store an object where this process finds it; returns its address."""
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    return store.put


@pytest.mark.parametrize(
    ("text", "stored"),
    [("s3://b/a.jpg", True), ("gs://b/a.jpg", True), ("s3:/b", False), ("http://b/a.jpg", False)],
)
def test_only_addresses_of_known_stores_are_addresses(text: str, stored: bool) -> None:
    assert is_stored(text) is stored


def test_an_address_without_a_bucket_is_refused() -> None:
    with pytest.raises(DataError, match="expected s3://BUCKET/NAME"):
        read_object("s3:///a.jpg", 10)


def test_an_image_is_read_as_its_file_is(put: Put, picture: Picture) -> None:
    path = picture("a.png")
    address = put("one/a.png", path.read_bytes())

    (item,) = read_source(address)

    assert (item.id, item.locator) == ("a", address)
    assert np.array_equal(item.read(), read_image(path))
    assert np.array_equal(read_picture(item.locator), read_image(path))


def test_a_folder_lists_its_images_with_those_below(put: Put) -> None:
    for name in ("set/b.jpg", "set/a.jpg", "set/deep/c.png", "set/notes.txt", "settle/d.jpg"):
        put(name, b"x")

    items = read_source(f"s3://{BUCKET}/set/")

    assert [item.id for item in items] == ["a", "b", "deep/c"]
    assert items[2].locator == f"s3://{BUCKET}/set/deep/c.png"


def test_a_table_names_images_beside_it_and_elsewhere(put: Put, picture: Picture) -> None:
    image = picture("a.png").read_bytes()
    put("csv/images/a.png", image)
    other = put("elsewhere/b.png", image)
    text = f"id,path,latitude,longitude\nx,images/a.png,60.1,24.9\ny,{other},60.2,24.8\n"

    items = read_source(put("csv/places.csv", text.encode()))

    assert [item.id for item in items] == ["x", "y"]
    assert [item.locator for item in items] == [f"s3://{BUCKET}/csv/images/a.png", other]
    assert (items[0].latitude, items[0].longitude) == (60.1, 24.9)
    assert items[0].read().shape == items[1].read().shape


def test_a_local_table_may_name_stored_images(put: Put, tmp_path: Path) -> None:
    address = put("one/z.png", b"x")
    table = tmp_path / "places.csv"
    table.write_text(f"path\n{address}\nlocal.png\n")

    items = read_source(table)

    assert [item.locator for item in items] == [address, str(tmp_path / "local.png")]


def test_a_fault_in_a_table_is_told_with_its_address(put: Put) -> None:
    address = put("bad/places.csv", b"id,path,latitude,longitude\nx,a.png,99,0\n")

    with pytest.raises(DataError, match=f"^{address} line 2: "):
        read_source(address)


@pytest.mark.parametrize("name", ["gone.jpg", "gone.csv", "gone"])
def test_what_is_not_there_is_told_with_its_address(put: Put, name: str) -> None:
    del put
    address = f"s3://{BUCKET}/{name}"

    with pytest.raises(DataError, match=address):
        read_source(address)[0].read()


def test_a_large_object_is_refused_unread(put: Put) -> None:
    address = put("large.bin", b"12345")

    with pytest.raises(DataError, match="expected at most 4 bytes, got 5"):
        read_object(address, 4)
    assert list_objects(address.rpartition("/")[0])
