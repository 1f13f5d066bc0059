"""What a procedural town is asked to be: how many places, how hard, how large its pictures."""

from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)
from typing_extensions import Self

Difficulty = Literal["hard", "easy"]


class Hardness(BaseModel):
    """What sets the two views of a place apart. All zero and a shared sun is the easy town."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tile_offset_m: NonNegativeFloat
    """Largest distance, per axis, between the tile's centre and the panorama's, in metres."""

    heading_noise_deg: NonNegativeFloat
    """Largest turn of the panorama's centre column away from north, in degrees."""

    saturation: PositiveFloat
    """Saturation of everything's colour, as a factor on the vivid palette."""

    colour_spread: NonNegativeFloat
    """Standard deviation of one thing's colour around its palette entry, in 8-bit levels."""

    colour_matrix_std: NonNegativeFloat
    """Standard deviation of the entries of an image's colour matrix around the identity."""

    gain_std: NonNegativeFloat
    """Standard deviation of an image's exposure, in natural-log units."""

    noise_std: NonNegativeFloat
    """Standard deviation of the pixels' noise, in 8-bit levels."""

    shared_sun: bool
    """Whether one sun lights both views of a place."""


HARDNESS: dict[Difficulty, Hardness] = {
    "easy": Hardness(
        tile_offset_m=0.0,
        heading_noise_deg=0.0,
        saturation=1.0,
        colour_spread=8.0,
        colour_matrix_std=0.0,
        gain_std=0.0,
        noise_std=2.0,
        shared_sun=True,
    ),
    "hard": Hardness(
        tile_offset_m=4.0,
        heading_noise_deg=4.0,
        saturation=0.85,
        colour_spread=16.0,
        colour_matrix_std=0.015,
        gain_std=0.06,
        noise_std=5.0,
        shared_sun=False,
    ),
}
"""The two difficulties on offer; `hard` is what a score may be quoted on."""


class TownConfig(BaseModel):
    """Everything that changes a byte of a town's files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: PositiveInt = 4200
    """Training places, in pairs of one panorama and one tile."""

    test_places: NonNegativeInt = 520
    """Test places (the val split), in pairs; their worlds are never trained on."""

    seed: NonNegativeInt = 1
    """Seed of everything random."""

    difficulty: Difficulty = "hard"
    """`hard`: views misaligned, colours muted, cameras and suns independent. `easy`: none of it."""

    panorama_height: PositiveInt = 64
    """Rows of a panorama, in pixels; the horizon lies in the middle."""

    panorama_width: PositiveInt = 256
    """Columns of a panorama, in pixels, for 360 degrees; the centre looks north."""

    vertical_view_deg: float = Field(default=46.0, ge=20.0, le=120.0)
    """Vertical field of view of a panorama, in degrees, half of it below the horizon. At 46 the
    lowest row sees the ground 6 m away; wider views spend their rows on the camera's own feet."""

    eye_height_m: PositiveFloat = 2.5
    """Height of the panorama's camera above the ground, in metres."""

    tile_size: PositiveInt = 128
    """Side of a tile, in pixels."""

    tile_side_m: PositiveFloat = 64.0
    """Side of a tile on the ground, in metres."""

    supersampling: int = Field(default=2, ge=1, le=4)
    """Rays per panorama pixel along each axis."""

    world_side_m: float = Field(default=640.0, ge=160.0, le=2000.0)
    """Side of one square world, in metres."""

    cell_m: float = Field(default=0.25, ge=0.1, le=1.0)
    """Side of one raster cell, in metres."""

    spacing_m: PositiveFloat = 10.0
    """Smallest distance between two training places of one world, in metres."""

    test_spacing_m: PositiveFloat = 20.0
    """Smallest distance between two test places of one world, in metres."""

    places_per_world: PositiveInt = 400
    """Training places drawn from one world; the last world may give fewer."""

    test_places_per_world: PositiveInt = 104
    """Test places drawn from one world; the last world may give fewer."""

    drone_images: int = Field(default=9, ge=1, le=99)
    """Images that a drone takes of a building, in layouts that have them. University-1652 has 54;
    nine still look from every side at each height, at a sixth of the time and disk."""

    jpeg_quality: int = Field(default=92, ge=1, le=100)
    """JPEG quality of both views."""

    @property
    def hardness(self) -> Hardness:
        """The figures behind `difficulty`."""
        return HARDNESS[self.difficulty]

    @property
    def margin_m(self) -> float:
        """Distance that places keep from their world's edge, in metres, so that tiles fit."""
        return self.tile_side_m / 2 + self.hardness.tile_offset_m + 4.0

    @model_validator(mode="after")
    def _places_fit_into_a_world(self) -> Self:
        if self.world_side_m < 2 * self.margin_m + 32.0:
            raise ValueError(
                f"a world of {self.world_side_m} m leaves no room for places: tiles of "
                f"{self.tile_side_m} m need at least {2 * self.margin_m + 32.0} m"
            )
        return self
