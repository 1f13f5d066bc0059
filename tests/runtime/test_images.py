"""Pictures of every kind arrive as 8-bit RGB, the right way up, with the values Pillow reads."""

import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.image_header import read_header
from clnet.runtime.images import read_image

RED_BGR = (0, 0, 255)
FORMATS = (".jpg", ".png", ".webp", ".tif", ".bmp")


def red(height: int = 16, width: int = 24) -> NDArray[np.uint8]:
    return np.full((height, width, 3), RED_BGR, np.uint8)


def smooth(bands: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    """Draw [48, 64, bands], smooth, so that lossy formats keep it."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, bands), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (64, 48))).reshape(48, 64, bands)


def on_black(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    opacity = rgba[..., 3:].astype(np.float64) / 255
    return np.rint(rgba[..., :3] * opacity).astype(np.uint8)


def turned(image: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn as the EXIF standard draws it, by rotations and mirrors."""
    turns = {1: 0, 2: 0, 3: 2, 4: 2, 5: -1, 6: -1, 7: 1, 8: 1}
    upright = np.rot90(image, turns[orientation])
    return upright[:, ::-1] if orientation in (2, 4, 5, 7) else upright


def save(path: Path, image: NDArray[np.uint8] | NDArray[np.uint16]) -> Path:
    assert cv2.imwrite(str(path), image)
    return path


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


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="Pillow writes and reads the samples")


def read_by_pillow(pillow: Any, path: Path) -> NDArray[np.uint8]:
    with pillow.open(path) as image:
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            return on_black(np.asarray(image.convert("RGBA")))
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("grey.jpg", "L", {}),
        ("colour.jpg", "RGB", {}),
        ("progressive.jpg", "RGB", {"progressive": True}),
        ("cmyk.jpg", "CMYK", {}),
        ("grey.png", "L", {}),
        ("bits.png", "1", {}),
        ("palette.png", "P", {}),
        ("transparent_palette.png", "P", {"transparency": 0}),
        ("transparent_colour.png", "RGB", {"transparency": (255, 255, 255)}),
        ("grey_alpha.png", "LA", {}),
        ("alpha.png", "RGBA", {}),
        ("lossy.webp", "RGB", {"quality": 90}),
        ("lossless.webp", "RGB", {"lossless": True}),
        ("lossy_alpha.webp", "RGBA", {"quality": 90}),
        ("lossless_alpha.webp", "RGBA", {"lossless": True, "exact": True}),
        ("grey.tif", "L", {}),
        ("bits.tif", "1", {"compression": "group4"}),
        ("palette.tif", "P", {}),
        ("cmyk.tif", "CMYK", {}),
        ("alpha.tif", "RGBA", {}),
        ("lzw.tif", "RGB", {"compression": "tiff_lzw"}),
        ("deflate.tif", "RGB", {"compression": "tiff_adobe_deflate"}),
        ("packbits.tif", "RGB", {"compression": "packbits"}),
        ("jpeg.tif", "RGB", {"compression": "jpeg"}),
        ("grey.bmp", "L", {}),
        ("palette.bmp", "P", {}),
    ],
)
def test_every_kind_has_the_values_that_pillow_reads(
    pillow: Any, tmp_path: Path, name: str, mode: str, options: dict[str, Any]
) -> None:
    rgba = pillow.fromarray(smooth(4))
    image = rgba.convert("RGB").quantize(16) if mode == "P" else rgba.convert(mode)
    image.save(tmp_path / name, **options)

    read = read_image(tmp_path / name)

    np.testing.assert_allclose(read.astype(int), read_by_pillow(pillow, tmp_path / name), atol=1)


@pytest.mark.parametrize("transform", [0, 2, None])
def test_every_ink_of_a_jpeg_is_converted(
    pillow: Any, tmp_path: Path, transform: int | None
) -> None:
    """Adobe's marker says CMYK (0) or YCCK (2); without it, four bands are CMYK."""
    path = tmp_path / "inks.jpg"
    pillow.fromarray(smooth()).convert("CMYK").save(path, quality=95)
    data = bytearray(path.read_bytes())
    marker = data.index(b"Adobe") - 4
    if transform is None:
        (length,) = struct.unpack_from(">H", data, marker + 2)
        del data[marker : marker + 2 + length]
    else:
        data[marker + 15] = transform
    path.write_bytes(data)

    np.testing.assert_allclose(read_image(path).astype(int), read_by_pillow(pillow, path), atol=2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("name", "bands", "options"),
    [
        ("colour.jpg", 3, {"quality": 95, "subsampling": 0}),
        ("grey.jpg", 1, {"quality": 95}),
        ("colour.png", 3, {}),
        ("alpha.png", 4, {}),
        ("colour.webp", 3, {"lossless": True}),
        ("alpha.webp", 4, {"lossless": True, "exact": True}),
        ("grey.tif", 1, {}),
        ("alpha.tif", 4, {}),
    ],
)
def test_exif_orientation_is_applied(
    pillow: Any, tmp_path: Path, name: str, bands: int, options: dict[str, Any], orientation: int
) -> None:
    stored = smooth(bands)
    exif = pillow.Exif()
    exif[0x0112] = orientation
    pillow.fromarray(stored.squeeze()).save(tmp_path / name, exif=exif, **options)

    read = read_image(tmp_path / name)

    shown = on_black(stored) if bands == 4 else np.broadcast_to(stored, (48, 64, 3))
    np.testing.assert_allclose(
        read.astype(int), turned(shown, orientation), atol=8 if name.endswith("jpg") else 1
    )


def test_grey_with_alpha_in_sixteen_bits_is_scaled_and_composited(tmp_path: Path) -> None:
    deep = np.random.default_rng(0).integers(0, 65536, (6, 9, 2)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    head = struct.pack(">IIBBBBB", 9, 6, 16, 4, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    (tmp_path / "deep.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))

    expected = deep[..., :1] / 257 * (deep[..., 1:] / 65535)
    np.testing.assert_allclose(
        read_image(tmp_path / "deep.png"), np.broadcast_to(expected, (6, 9, 3)), atol=0.51
    )


def test_a_fourth_band_that_is_not_called_alpha_is_left_out(tmp_path: Path) -> None:
    """An orthophoto's near infrared, say. OpenCV's own TIFF names no band alpha."""
    bands = smooth(4)

    read = read_image(save(tmp_path / "infrared.tif", bands))

    np.testing.assert_array_equal(read, bands[..., 2::-1])


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".png"])
def test_of_several_pages_or_frames_it_is_the_first(
    pillow: Any, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"several{suffix}"
    first, second = pillow.fromarray(smooth(seed=1)), pillow.fromarray(smooth(seed=2))
    options = {"lossless": True} if suffix == ".webp" else {}
    first.save(path, save_all=True, append_images=[second], **options)

    np.testing.assert_array_equal(read_image(path), smooth(seed=1))
