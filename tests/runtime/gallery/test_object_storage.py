"""A gallery in object storage, without a lock: two writers double no id and lose no row."""

import logging
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

moto_server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
boto3 = pytest.importorskip("boto3", reason="moto[server] is not installed")

from clnet.runtime.errors import ArtifactError, SpaceMismatch
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer
from clnet.runtime.gallery.summary import summary_of
from clnet.runtime.gallery.upkeep import compact_gallery
from clnet.runtime.item import Item

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # werkzeug's sockets
]

Rows = Callable[..., NDArray[np.float32]]
Items = Callable[[int, int], list[Item]]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket on a server of this process."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
    name = f"tiles-{uuid.uuid4()}"  # moto's memory outlives its server
    client.create_bucket(Bucket=name)
    client.close()
    yield f"s3://{name}/gallery"
    server.stop()


def test_a_gallery_in_object_storage_reads_as_one_in_a_folder(
    bucket: str, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    rows = unit_rows(30)
    for start in (0, 10, 5):
        with gallery_writer(bucket, info) as writer:
            writer.append(items(start, start + 15), rows[start : start + 15])
    compact_gallery(bucket)

    gallery = Gallery.open(bucket)

    assert gallery.ids() == [f"p{n}" for n in range(25)]
    np.testing.assert_array_equal(np.concatenate(list(gallery.blocks(block_rows=8))), rows[:25])
    summary = summary_of(bucket)
    assert (summary.places, summary.fragments, summary.folder_bytes) == (25, 1, None)


def test_writers_at_once_double_no_id_and_lose_no_row(
    bucket: str, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    rows = unit_rows(70)

    def write(shift: int) -> int:
        added = 0
        with gallery_writer(bucket, info) as writer:
            for start in range(shift, 60, 10):
                stop = start + 13  # overlaps the next block and those of the others
                added += writer.append(items(start, stop)[:10], rows[start:stop][:10])
        return added

    with ThreadPoolExecutor(3) as pool:
        added = list(pool.map(write, (0, 3, 7)))

    gallery = Gallery.open(bucket)
    found = gallery.read()
    numbers = [int(label[1:]) for label in found.ids]
    assert sorted(numbers) == list(range(67))
    assert sum(added) == 67
    np.testing.assert_array_equal(found.embeddings, rows[numbers])
    np.testing.assert_array_equal(found.latitudes, np.array(numbers) / 10)


def test_another_network_is_refused(
    bucket: str, info: GalleryInfo, items: Items, unit_rows: Rows
) -> None:
    with gallery_writer(bucket, info) as writer:
        writer.append(items(0, 3), unit_rows(3))

    other = replace(info, embedding_space_id="b" * 32)
    with pytest.raises(SpaceMismatch), gallery_writer(bucket, other):
        pass


def test_where_nothing_is_there_is_one_clear_line(bucket: str) -> None:
    for location, said in (
        (bucket, "is no gallery; make one with clnet-embed"),
        ("s3://nowhere/gallery", "cannot read s3://nowhere/gallery: "),
    ):
        with pytest.raises(ArtifactError, match=said) as caught:
            Gallery.open(location)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 500
