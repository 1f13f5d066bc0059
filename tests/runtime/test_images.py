"""Pictures of every kind arrive as RGB, or are refused in one clear line."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from clnet.runtime import images
from clnet.runtime.errors import DataError
from clnet.runtime.image_header import read_header
from clnet.runtime.images import read_image

RED_BGR = (0, 0, 255)
FORMATS = (".jpg", ".png", ".webp", ".tif", ".bmp")


def red(height: int = 16, width: int = 24) -> NDArray[np.uint8]:
    return np.full((height, width, 3), RED_BGR, np.uint8)


def save(path: Path, image: NDArray[np.uint8] | NDArray[np.uint16]) -> Path:
    assert cv2.imwrite(str(path), image)
    return path


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


@pytest.mark.parametrize("suffix", FORMATS)
def test_colour_arrives_as_rgb(tmp_path: Path, suffix: str) -> None:
    image = read_image(save(tmp_path / f"red{suffix}", red()))

    assert image.shape == (16, 24, 3)
    assert image.dtype == np.uint8
    np.testing.assert_allclose(image.reshape(-1, 3).mean(axis=0), (255, 0, 0), atol=4)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_header_tells_the_size_before_decoding(tmp_path: Path, suffix: str) -> None:
    header = read_header(save(tmp_path / f"red{suffix}", red(18, 40)).read_bytes())

    assert header is not None
    assert (header.height, header.width, header.complete) == (18, 40, True)


def test_grey_becomes_rgb(tmp_path: Path) -> None:
    grey = np.full((4, 5), 77, np.uint8)

    np.testing.assert_array_equal(read_image(save(tmp_path / "grey.png", grey)), 77)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_are_scaled_to_eight(tmp_path: Path, suffix: str) -> None:
    ramp = np.linspace(0, 65535, 48).astype(np.uint16).reshape(4, 4, 3)

    image = read_image(save(tmp_path / f"deep{suffix}", ramp))

    np.testing.assert_allclose(image, ramp[..., ::-1] / 257, atol=1.01)


def test_opaque_rgba_keeps_its_colours(tmp_path: Path) -> None:
    opaque = np.dstack([red(), np.full((16, 24), 255, np.uint8)])

    np.testing.assert_array_equal(
        read_image(save(tmp_path / "opaque.png", opaque)), red()[..., ::-1]
    )


@pytest.mark.parametrize("top", [255, 65535])
def test_transparent_pixels_are_composited_on_black(tmp_path: Path, top: int) -> None:
    kind = np.uint8 if top == 255 else np.uint16
    alpha = np.full((16, 24), round(top * 0.4), kind)
    clear = np.dstack([(red() // 255).astype(kind) * kind(top), alpha])

    image = read_image(save(tmp_path / "clear.png", clear))

    np.testing.assert_array_equal(image[0, 0], (102, 0, 0))


@pytest.mark.parametrize(
    ("orientation", "shape", "corner"),
    [
        (1, (16, 32), (0, 0)),
        (3, (16, 32), (15, 31)),
        (6, (32, 16), (0, 15)),
        (8, (32, 16), (31, 0)),
    ],
)
def test_exif_orientation_is_applied(
    tmp_path: Path, orientation: int, shape: tuple[int, int], corner: tuple[int, int]
) -> None:
    marked = np.zeros((16, 32, 3), np.uint8)
    marked[:8, :8] = 255
    path = save(tmp_path / "turned.jpg", marked)
    path.write_bytes(with_orientation(path.read_bytes(), orientation))

    image = read_image(path)

    assert image.shape[:2] == shape
    assert image[corner].min() > 200


def test_a_cmyk_jpeg_is_converted(tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow writes the CMYK sample")
    path = tmp_path / "cmyk.jpg"
    pillow.new("RGB", (16, 16), (200, 40, 90)).convert("CMYK").save(path)

    np.testing.assert_allclose(read_image(path)[8, 8], (200, 40, 90), atol=6)


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
        read_image(save(tmp_path / "red.png", red()))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*nowhere.jpg: No such file"):
        read_image(tmp_path / "nowhere.jpg")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMATS), st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_damaged_bytes_give_a_picture_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, at: int, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"red{suffix}"
    data = bytearray(save(path, red()).read_bytes())
    data[at : at + len(noise)] = noise
    path.write_bytes(bytes(data))

    try:
        shape = read_image(path).shape
    except DataError as error:
        said = str(error)
    else:
        said = f"{path} {shape[2]}"
    assert str(path) in said
