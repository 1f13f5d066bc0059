"""Workers of a local Ray make the gallery that one process makes, also where they are killed."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clnet.runtime.backends import open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedder import Block, embed_items
from clnet.runtime.errors import BackendUnavailable, EmbeddingError
from clnet.runtime.gallery import Gallery
from clnet.runtime.item import Item
from clnet.runtime.scale import RayCluster, embed_into_with_ray, ray_embedder

pytest.importorskip("ray", reason="ray is not installed: clnet[scale]")
pytest.importorskip("onnxruntime", reason="workers run ONNX Runtime: clnet[cpu]")

pytestmark = [
    pytest.mark.slow,
    # Ray pickles settings of its own that it has deprecated, and leaves a socket to the collector.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

Places = Callable[[int], list[Item]]

BATCH = 8


def embedded_here(bundle: Bundle, items: list[Item]) -> dict[str, bytes]:
    """Each item's embedding, by id, from one process with one thread."""
    with open_backend(bundle, "satellite", threads=1) as backend:
        return by_id(embed_items(backend, items, batch_size=BATCH))


def by_id(blocks: Iterator[Block]) -> dict[str, bytes]:
    return {
        item.id: row.tobytes()
        for block in blocks
        for item, row in zip(block.items, block.embeddings, strict=True)
    }


def in_gallery(path: Path) -> dict[str, bytes]:
    gallery = Gallery.open(path)
    rows = np.concatenate(list(gallery.blocks()))
    return {label: row.tobytes() for label, row in zip(gallery.ids(), rows, strict=True)}


def busy_workers() -> list[int]:
    """Process ids of this run's workers that have a block in hand: Ray writes it in their title."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and ancestor(int(folder.name), 2) == os.getpid():
            title = (folder / "cmdline").read_bytes()
            if b"EmbeddingWorker" in title and b".submit" in title:
                found.append(int(folder.name))
    return found


def ancestor(pid: int, generations: int) -> int:
    """A worker's parent is the raylet, whose parent is the driver. 0 if there is none."""
    for _ in range(generations):
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            return 0
    return pid


def test_the_gallery_is_the_one_that_a_single_process_makes(
    cluster: RayCluster, tiny_bundle: Bundle, places: Places, tmp_path: Path
) -> None:
    items = places(90)
    gallery = tmp_path / "gallery"

    run = embed_into_with_ray(cluster, gallery, tiny_bundle, "satellite", items, batch_size=BATCH)

    assert (run.embedded, run.skipped, run.failed) == (90, 0, 0)
    assert in_gallery(gallery) == embedded_here(tiny_bundle, items)


def test_a_worker_that_is_killed_while_it_embeds_costs_nothing(
    cluster: RayCluster, tiny_bundle: Bundle, places: Places
) -> None:
    items = places(160)
    killed = 0
    blocks = []

    with ray_embedder(
        cluster, tiny_bundle, "satellite", batch_size=BATCH, block_items=BATCH
    ) as embed:
        for block in embed(items):
            blocks.append(block)
            busy = [] if killed else busy_workers()
            if busy:
                killed = busy[0]
                os.kill(killed, signal.SIGKILL)

    assert killed, "no worker was seen at work"
    assert [item.id for block in blocks for item in block.items] == [item.id for item in items]
    assert by_id(iter(blocks)) == embedded_here(tiny_bundle, items)


def test_a_rerun_embeds_what_is_missing_and_lists_what_cannot_be_read(
    cluster: RayCluster, tiny_bundle: Bundle, places: Places, tmp_path: Path
) -> None:
    items = places(12)
    corrupt = tmp_path / "corrupt.jpg"
    corrupt.write_bytes(items[7].path.read_bytes()[:5000])
    broken = [*items[:7], replace(items[7], path=corrupt), *items[8:]]
    gallery = tmp_path / "gallery"

    first = embed_into_with_ray(cluster, gallery, tiny_bundle, "satellite", broken)
    listed = first.failed_list.read_text()
    second = embed_into_with_ray(cluster, gallery, tiny_bundle, "satellite", items)

    assert (first.embedded, first.failed, listed.count("\n")) == (11, 1, 1)
    assert str(corrupt) in listed
    assert (second.embedded, second.skipped, second.failed) == (1, 11, 0)
    assert not second.failed_list.exists()
    assert sorted(in_gallery(gallery)) == sorted(item.id for item in items)


def test_what_a_worker_meets_ends_the_run_as_it_is(
    cluster: RayCluster, write_bundle: Callable[..., Path], places: Places, tmp_path: Path
) -> None:
    bundle = Bundle.open(write_bundle(tmp_path / "bundle", last="Sqrt"))  # of negatives: NaN

    with (
        ray_embedder(cluster, bundle, "satellite") as embed,
        pytest.raises(EmbeddingError, match="expected rows of length 1"),
    ):
        list(embed(places(4)))


def test_a_backend_on_a_gpu_is_refused_where_the_cluster_has_none(
    cluster: RayCluster, tiny_bundle: Bundle, places: Places, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"

    with pytest.raises(BackendUnavailable, match="need a core and a GPU each"):
        embed_into_with_ray(
            cluster, gallery, tiny_bundle, "satellite", places(4), backend="tensorrt"
        )

    assert not gallery.exists()


def test_more_workers_than_cores_are_refused(
    cluster: RayCluster, tiny_bundle: Bundle, places: Places
) -> None:
    del cluster
    with (
        pytest.raises(BackendUnavailable, match="1000 workers need a core each"),
        ray_embedder(RayCluster(workers=1000), tiny_bundle, "satellite"),
    ):
        pass
