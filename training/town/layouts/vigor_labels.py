"""VIGOR's names and label rows."""

from dataclasses import dataclass

from ..geography import Degrees
from ..survey import Spot

LABEL_PX = 640
"""Side of a tile in the pixels that offsets are given in, whatever size it is rendered at."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where one panorama lies on the four tiles that show it."""

    id: int
    """Number of the place in the town."""

    panorama: str
    """File name of the panorama."""

    tiles: tuple[str, ...]
    """File names of the tiles: the positive, then three semi-positives."""

    offsets_px: tuple[tuple[float, float], ...]
    """dy and dx on each tile, in pixels of a tile of `LABEL_PX`. VIGOR's signs (read off its
    lists against the coordinates in the names): dy grows southwards, dx grows *westwards*."""

    def line(self) -> str:
        """The label row: 13 fields, a space between."""
        fields = [self.panorama]
        for tile, (dy, dx) in zip(self.tiles, self.offsets_px, strict=True):
            fields += [tile, f"{dy:.1f}", f"{dx:.1f}"]
        return " ".join(fields)


def panorama_name(name: str, degrees: Degrees) -> str:
    """File name of a panorama: its id and where it stands, to a millionth of a degree."""
    return f"{name},{degrees[0]:.6f},{degrees[1]:.6f},.jpg"


def tile_name(degrees: Degrees) -> str:
    """File name of a tile: where its centre lies."""
    return f"satellite_{degrees[0]!r}_{degrees[1]!r}.png"


def offset_px(offset_m: Spot, tile_side_m: float) -> tuple[float, float]:
    """Metres east and south of a tile's centre as the dy and dx of a label row."""
    east_m, south_m = offset_m
    dy, dx = (round(metres * LABEL_PX / tile_side_m, 1) for metres in (south_m, -east_m))
    return dy + 0.0, dx + 0.0  # no negative zeros
