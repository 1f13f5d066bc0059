"""Which bands of a GeoTIFF are its colours, and how its numbers become 8 bits."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

if TYPE_CHECKING:
    from rasterio.io import DatasetReader
    from rasterio.windows import Window


@dataclass(frozen=True, slots=True)
class Bands:
    """The colours of one GeoTIFF."""

    numbers: tuple[int, ...]
    """Three bands (red, green, blue) or one (grey or palette), counted from 1."""

    top: int
    """The number that stands for full brightness."""

    palette: bytes | None
    """256 x 3 bytes of RGB, for a band of palette indices."""

    masked: bool
    """Whether pixels may be without data: by alpha, a mask or a nodata value."""

    def read(
        self, dataset: "DatasetReader", part: "Window", width: int, height: int
    ) -> NDArray[np.uint8]:
        """Read a window as `Layer.read` returns it; rasterio's errors pass through."""
        from rasterio.enums import Resampling

        # Numbers of a palette cannot be averaged.
        kernel = Resampling.average if self.palette is None else Resampling.nearest
        shape = (len(self.numbers), height, width)
        stored = dataset.read(self.numbers, window=part, out_shape=shape, resampling=kernel)
        pixels = np.full((height, width, 4), 255, np.uint8)
        pixels[..., :3] = self._colours(stored)
        if self.masked:
            valid = dataset.dataset_mask(window=part, out_shape=(height, width)) >= 128
            pixels[~valid] = 0
        return pixels

    def _colours(self, stored: NDArray[np.uint8 | np.uint16]) -> NDArray[np.uint8]:
        if self.palette is not None:
            table = np.frombuffer(self.palette, np.uint8).reshape(256, 3)
            return np.asarray(table[stored[0]])
        colours = np.moveaxis(stored, 0, -1)
        if self.top == 255:
            return colours.astype(np.uint8)
        scaled = np.rint(np.minimum(colours, self.top) * (255.0 / self.top))
        return scaled.astype(np.uint8)


def choose_bands(path: Path, dataset: "DatasetReader") -> Bands:
    """
    Find a file's colours by what its bands say they are.

    Numbers of 16 bits are scaled by their range, or by the bits that the file says it uses
    (NBITS), not by the picture's brightest pixel: neighbouring tiles must look alike.

    Raises:
        DataError: there are no such bands, or they hold other numbers than 8 or 16 bits.

    """
    from rasterio.enums import MaskFlags

    numbers, palette = _numbers(path, dataset)
    kinds = {dataset.dtypes[number - 1] for number in numbers}
    if len(kinds) > 1 or not kinds <= {"uint8", "uint16"} or (palette and kinds != {"uint8"}):
        raise DataError(
            f"{path}: expected bands of uint8 or uint16, got {', '.join(sorted(kinds))}; "
            f"scale them: gdal_translate -ot Byte -scale {path.name} COPY.tif"
        )
    bits = 8 if kinds == {"uint8"} else _bits_used(dataset, numbers[0])
    masked = any(MaskFlags.all_valid not in flags for flags in dataset.mask_flag_enums)
    return Bands(numbers, 2**bits - 1, palette, masked)


def _numbers(path: Path, dataset: "DatasetReader") -> tuple[tuple[int, ...], bytes | None]:
    from rasterio.enums import ColorInterp as Colour

    meant = list(dataset.colorinterp)
    if {Colour.red, Colour.green, Colour.blue} <= set(meant):
        wanted = (Colour.red, Colour.green, Colour.blue)
        return tuple(meant.index(colour) + 1 for colour in wanted), None
    if meant[0] is Colour.palette:
        table = np.zeros((256, 3), np.uint8)
        for index, colour in dataset.colormap(1).items():
            table[index] = colour[:3]
        return (1,), table.tobytes()
    plain = (Colour.undefined, Colour.gray)
    colours = [number for number, colour in enumerate(meant, 1) if colour in plain]
    if colours[:1] == [1]:
        return (1, 2, 3) if colours[:3] == [1, 2, 3] else (1,), None
    names = ", ".join(colour.name for colour in meant)
    raise DataError(
        f"{path}: expected bands red, green and blue, grey or a palette, got {names}; "
        f"convert it: gdal_translate -colorinterp red,green,blue {path.name} COPY.tif"
    )


def _bits_used(dataset: "DatasetReader", number: int) -> int:
    said = dataset.tags(number, ns="IMAGE_STRUCTURE").get("NBITS", "16")
    return int(said) if said.isdecimal() and 8 < int(said) <= 16 else 16
