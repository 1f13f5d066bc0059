"""A source into a gallery: corrupt images are listed and tried again, errors lose nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime import embedding_run
from clnet.runtime.bundle import Bundle
from clnet.runtime.embedding_run import EmbeddingRun, embed_into
from clnet.runtime.errors import ConfigError, EmbeddingError
from clnet.runtime.gallery import Gallery
from clnet.runtime.item import Item

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

Picture = Callable[..., Path]


@pytest.fixture
def items(picture: Picture) -> list[Item]:
    return [Item(f"{n}", picture(f"tiles/{n}.png", seed=n)) for n in range(12)]


@pytest.fixture
def run(tiny_bundle: Bundle, tmp_path: Path) -> Callable[..., EmbeddingRun]:
    def embed(items: object, **choice: object) -> EmbeddingRun:
        gallery = tmp_path / "gallery"
        return embed_into(gallery, tiny_bundle, "satellite", items, batch_size=4, **choice)  # type: ignore[arg-type]

    return embed


def listed(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_a_stream_of_unknown_length_is_embedded(
    run: Callable[..., EmbeddingRun], items: list[Item], tmp_path: Path
) -> None:
    done = run(iter(items))

    assert (done.embedded, done.skipped, done.failed) == (12, 0, 0)
    assert Gallery.open(tmp_path / "gallery").ids() == [item.id for item in items]


def test_corrupt_images_are_listed_and_a_rerun_tries_only_those(
    run: Callable[..., EmbeddingRun], items: list[Item], picture: Picture, tmp_path: Path
) -> None:
    for n in (3, 7):
        items[n].path.write_bytes(b"no image")

    first = run(items)
    assert (first.embedded, first.failed) == (10, 2)
    assert first.failed_list == tmp_path / "gallery" / "failed.jsonl"
    assert listed(first.failed_list) == ["3", "7"]

    picture("tiles/3.png", seed=3)
    second = run(items)
    assert (second.embedded, second.skipped, second.failed) == (1, 10, 1)
    assert listed(second.failed_list) == ["7"]

    picture("tiles/7.png", seed=7)
    third = run(items)
    assert (third.embedded, third.failed) == (1, 0)
    assert not third.failed_list.exists()
    assert sorted(Gallery.open(tmp_path / "gallery").ids(), key=int) == [i.id for i in items]


def test_the_list_of_failures_goes_where_it_is_told(
    run: Callable[..., EmbeddingRun], items: list[Item], tmp_path: Path
) -> None:
    items[0].path.unlink()

    done = run(items, failed=tmp_path / "elsewhere.jsonl")

    assert listed(tmp_path / "elsewhere.jsonl") == ["0"]
    assert done.failed_list == tmp_path / "elsewhere.jsonl"
    assert not (tmp_path / "gallery" / "failed.jsonl").exists()


def test_a_gallery_in_object_storage_needs_a_place_for_the_list(tiny_bundle: Bundle) -> None:
    with pytest.raises(ConfigError, match="--failed FILE"):
        embed_into("s3://bucket/gallery", tiny_bundle, "satellite", [])


def test_one_embedding_that_is_no_number_stops_the_run_names_the_image_and_loses_nothing(
    tiny_bundle: Bundle, items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = embedding_run.open_backend(tiny_bundle, "satellite")
    forward = backend._run  # type: ignore[attr-defined]
    batches: list[int] = []

    def third_batch_breaks(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = forward(tensor)
        batches.append(len(found))
        if len(batches) == 3:
            found[1] = np.nan
        return found

    monkeypatch.setattr(backend, "_run", third_batch_breaks)
    monkeypatch.setattr(embedding_run, "open_backend", lambda *_: backend)
    gallery = tmp_path / "gallery"

    with pytest.raises(EmbeddingError, match=r"9\.png: satellite embeddings: .* got nan"):
        embed_into(gallery, tiny_bundle, "satellite", items, batch_size=4)

    assert Gallery.open(gallery).ids() == [item.id for item in items[:8]]


def test_an_interrupted_run_keeps_what_it_embedded_and_is_finished_by_the_next(
    run: Callable[..., EmbeddingRun], items: list[Item], tmp_path: Path
) -> None:
    def until_interrupted() -> Iterator[Item]:
        yield from items
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(until_interrupted())

    assert len(Gallery.open(tmp_path / "gallery")) == 4  # the others were read ahead
    assert run(items).embedded == 8
    assert Gallery.open(tmp_path / "gallery").ids() == [item.id for item in items]


def test_the_same_tile_over_and_over_is_no_error(
    run: Callable[..., EmbeddingRun], picture: Picture
) -> None:
    sea = picture("sea.png")

    done = run([Item(f"{n}", sea) for n in range(20)])

    assert done.embedded == 20


def test_figures_count_and_rate(run: Callable[..., EmbeddingRun], items: list[Item]) -> None:
    done = run(items)

    assert done.figures.embedded == 12
    assert done.figures.images_per_s == pytest.approx(12 / done.seconds)
    assert run(items).figures.images_per_s == 0.0


def test_a_gallery_keeps_its_own_number_format(
    tiny_bundle: Bundle, items: list[Item], tmp_path: Path
) -> None:
    gallery = tmp_path / "half"
    embed_into(gallery, tiny_bundle, "satellite", items[:4], number_format="float16")

    assert embed_into(gallery, tiny_bundle, "satellite", items).embedded == len(items) - 4
    assert Gallery.open(gallery).info.number_format == "float16"
