"""What `clnet-embed` must refuse: one line, and the gallery that was there stays as it is."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed
from clnet.runtime.gallery import Gallery, GalleryInfo, gallery_writer

pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the network")

Picture = Callable[..., Path]


@pytest.fixture
def tiles(picture: Picture) -> Path:
    for n in range(4):
        path = picture(f"tiles/{n}.png", seed=n)
    return path.parent


@pytest.fixture
def gallery(tiny_bundle: Bundle, tiles: Path, tmp_path: Path) -> Path:
    path = tmp_path / "gallery"
    assert run(tiny_bundle.path, tiles, path).exit_code == 0
    return path


def run(bundle: Path, source: Path, gallery: Path, *more: object) -> Result:
    words = [bundle, source, "--gallery", gallery, *(more or ("--view", "satellite"))]
    return CliRunner().invoke(embed, [str(word) for word in words])


def content(folder: Path) -> dict[str, str]:
    """Hash every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def refused(gallery: Path, embed_again: Callable[[], Result]) -> str:
    """Return the one line of a refusal that left the gallery as it was."""
    before = content(gallery)
    result = embed_again()
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert content(gallery) == before
    return result.stderr


def test_a_gallery_of_another_network(
    write_bundle: Callable[..., Path], tiles: Path, gallery: Path, tmp_path: Path
) -> None:
    other = write_bundle(tmp_path / "other", space="b" * 32)

    line = refused(gallery, lambda: run(other, tiles, gallery))

    assert "a" * 32 in line
    assert "b" * 32 in line


def test_a_gallery_of_the_other_view(tiny_bundle: Bundle, tiles: Path, gallery: Path) -> None:
    line = refused(gallery, lambda: run(tiny_bundle.path, tiles, gallery, "--view", "ground"))

    assert "holds satellite embeddings" in line


def test_a_gallery_that_another_process_writes(
    tiny_bundle: Bundle, tiles: Path, gallery: Path
) -> None:
    manifest = tiny_bundle.manifest
    info = GalleryInfo(manifest.embedding_space_id, manifest.embedding_dim, "satellite")

    with gallery_writer(gallery, info):
        line = refused(gallery, lambda: run(tiny_bundle.path, tiles, gallery))

    assert "writing" in line


def test_a_coordinate_off_the_globe(tiny_bundle: Bundle, tiles: Path, gallery: Path) -> None:
    table = tiles.parent / "places.csv"
    table.write_text("id,path,latitude,longitude\nnew,tiles/0.png,91,24\n")

    line = refused(gallery, lambda: run(tiny_bundle.path, table, gallery))

    assert "line 2" in line
    assert "91" in line


def test_a_network_of_nan_adds_nothing(
    write_bundle: Callable[..., Path], picture: Picture, gallery: Path, tmp_path: Path
) -> None:
    broken = write_bundle(tmp_path / "broken", last="Log")  # of negative numbers
    new = picture("new.png", seed=9)

    result = run(broken, new, gallery)

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "new.png: satellite embeddings: expected rows of length 1, got nan" in result.stderr
    assert len(Gallery.open(gallery)) == 4


def test_a_list_of_failures_that_cannot_be_written(
    tiny_bundle: Bundle, tiles: Path, gallery: Path, tmp_path: Path
) -> None:
    more = ("--view", "satellite", "--failed", tmp_path)

    line = refused(gallery, lambda: run(tiny_bundle.path, tiles, gallery, *more))

    assert "the list of unreadable images: Is a directory" in line


def test_a_read_only_gallery(tiny_bundle: Bundle, tiles: Path, gallery: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    for folder in (gallery, *gallery.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    try:
        assert "cannot write" in refused(gallery, lambda: run(tiny_bundle.path, tiles, gallery))
    finally:
        for folder in (gallery, *gallery.rglob("*")):
            folder.chmod(0o755)


def test_of_many_unreadable_images_a_few_are_shown_and_all_are_listed(
    tiny_bundle: Bundle, tiles: Path, gallery: Path
) -> None:
    for n in range(25):
        (tiles / f"bad{n:02}.png").write_bytes(b"no image")

    result = run(tiny_bundle.path, tiles, gallery)

    assert result.exit_code == 1
    assert result.stdout.startswith("embedded 0  skipped 4  failed 25  ")
    *shown, last = result.stderr.splitlines()
    assert len(shown) == 10
    assert last == f"25 unreadable images, listed in {gallery / 'failed.jsonl'}"
    assert len((gallery / "failed.jsonl").read_text().splitlines()) == 25
