"""A file that is no picture, or not all of one, is refused in one clear line."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clnet.runtime import images
from clnet.runtime.errors import DataError
from clnet.runtime.images import read_image

FORMATS = (".jpg", ".png", ".webp", ".tif", ".bmp")


def save(path: Path, image: Any) -> Path:
    assert cv2.imwrite(str(path), image)
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_picture_cut_short_is_refused(
    tmp_path: Path, picture: Callable[..., Path], suffix: str
) -> None:
    path = picture(f"cut{suffix}", height=64, width=64)
    path.write_bytes(path.read_bytes()[:-40])

    refusals = r"(the \w+ ends too early|corrupt|expected .* a damaged head)"
    with pytest.raises(DataError, match=rf"cut{suffix}: {refusals}"):
        read_image(path)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="text"),
        pytest.param(b"GIF89a" + bytes(40), id="gif"),
        pytest.param(b"\xff\xd8\xff\xe0", id="jpeg-magic-alone"),
        pytest.param(b"BM", id="bmp-magic-alone"),
    ],
)
def test_other_bytes_are_refused_whatever_their_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.jpg"
    path.write_bytes(data)

    with pytest.raises(DataError, match=r"odd.jpg: expected a JPEG, PNG, .* got other bytes"):
        read_image(path)


def test_a_decompression_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )

    with pytest.raises(DataError, match=r"at most 268,435,456 pixels, got 100000 x 100000"):
        read_image(path)


def test_a_file_of_too_many_bytes_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_IMAGE_BYTES", 10)

    with pytest.raises(DataError, match=r"expected at most 10 bytes, got \d+"):
        read_image(save(tmp_path / "red.png", np.zeros((9, 9, 3), np.uint8)))


@pytest.mark.parametrize("suffix", [".tif", ".webp"])
def test_a_picture_cut_short_anywhere_is_refused(tmp_path: Path, suffix: str) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow writes the directory first")
    path = tmp_path / f"cut{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    pillow.fromarray(noise).save(path)
    whole = path.read_bytes()

    for kept in range(0, len(whole), 97):
        path.write_bytes(whole[:kept])
        with pytest.raises(DataError, match=f"cut{suffix}: "):
            read_image(path)


@pytest.mark.parametrize(
    ("dtype", "bands", "message"),
    [
        (np.float32, 1, "whole numbers without sign of up to 16 bits, got others of 32 bits"),
        (np.float64, 1, "got others of 64 bits"),
        (np.int16, 1, "got others of 16 bits"),
        (np.int32, 1, "got others of 32 bits"),
    ],
)
def test_a_tiff_of_other_numbers_is_refused(
    tmp_path: Path, dtype: type[np.number[Any]], bands: int, message: str
) -> None:
    path = save(tmp_path / "height.tif", np.ones((4, 5, bands), dtype))

    with pytest.raises(DataError, match=rf"height.tif: expected .*{message}; save it as 8-bit RGB"):
        read_image(path)


@pytest.mark.parametrize(
    ("mode", "message"),
    [("LA", "expected 1, 3 or 4 bands, got 2"), ("LAB", "got photometric interpretation 8")],
)
def test_a_tiff_of_other_colours_is_refused(tmp_path: Path, mode: str, message: str) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow writes the sample")
    pillow.new(mode, (5, 4)).save(tmp_path / "odd.tif")

    with pytest.raises(DataError, match=f"odd.tif: .*{message}; save it as 8-bit RGB"):
        read_image(tmp_path / "odd.tif")


def test_a_folder_of_an_images_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()

    with pytest.raises(DataError, match=r"folder.jpg: expected a file, got a folder"):
        read_image(tmp_path / "folder.jpg")


def test_a_pipe_does_not_hang_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")

    with pytest.raises(DataError, match=r"pipe.jpg: expected a file, got a folder, a pipe"):
        read_image(tmp_path / "pipe.jpg")


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")

    with pytest.raises(DataError, match=r"cannot read .*link.jpg: No such file"):
        read_image(tmp_path / "link.jpg")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = save(tmp_path / "secret.png", np.zeros((9, 9, 3), np.uint8))
    path.chmod(0)

    with pytest.raises(DataError, match=r"cannot read .*secret.png: Permission denied"):
        read_image(path)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read '.*a.x00b.jpg': embedded null"):
        read_image(tmp_path / "a\0b.jpg")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*nowhere.jpg: No such file"):
        read_image(tmp_path / "nowhere.jpg")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMATS), st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_damaged_bytes_give_a_picture_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, at: int, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"red{suffix}"
    data = bytearray(save(path, np.full((16, 24, 3), 90, np.uint8)).read_bytes())
    data[at : at + len(noise)] = noise
    path.write_bytes(bytes(data))

    try:
        shape = read_image(path).shape
    except DataError as error:
        said = str(error)
    else:
        said = f"{path} {shape[2]}"
    assert str(path) in said
