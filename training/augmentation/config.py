"""What may happen to a training pair: a probability and a strength for each change."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from ...runtime.artifact import Artifact

Probability = Annotated[float, Field(ge=0, le=1)]

Strength = Annotated[float, Field(ge=0, le=1)]

Quality = Annotated[int, Field(ge=1, le=100)]


class AugmentationConfig(Artifact):
    """
    Sample4Geo's recipe by default (facts/benchmarks.md, section 4).

    Rotation and flip are drawn for the pair; all else for each view alone, since two cameras
    share neither exposure nor compression.
    """

    rotate_probability: Probability = 0.75
    """Of a turn of the tile by 90, 180 or 270 degrees; needs a square tile."""

    rotation: Literal["paired", "satellite"] = "paired"
    """
    `paired` rolls the panorama along, which must show all 360 degrees. `satellite` leaves the
    ground image as it is: right where its heading means nothing, as in a drone's images that are
    taken all round a building (University-1652).
    """

    flip_probability: Probability = 0.5
    """Of mirroring east and west in both views."""

    jitter_probability: Probability = 0.5
    """Of a change of colours: all five below at once."""

    brightness: Strength = 0.15
    """Largest change of brightness, as a share."""

    contrast: Strength = 0.15
    """Largest change of contrast, as a share, around mid-grey."""

    saturation: Strength = 0.15
    """Largest change of saturation, as a share."""

    hue: float = Field(default=0.15, ge=0, le=0.5)
    """Largest turn of the hue, as a share of the full circle."""

    tint: Strength = 0.0
    """Largest change of one colour channel against the others, as a share."""

    sharpness_probability: Probability = 0.3
    """Of blurring or sharpening, both as likely."""

    sharpness: Strength = 1.0
    """Largest share of the fine detail that goes, or comes in addition."""

    dropout_probability: Probability = 0.3
    """Of dropping squares, in a regular grid or here and there, both as likely."""

    dropout: float = Field(default=0.3, ge=0, lt=1)
    """Largest share of the image that is dropped."""

    jpeg_probability: Probability = 0.5
    """Of encoding as JPEG once more."""

    jpeg_quality: tuple[Quality, Quality] = (90, 100)
    """Least and greatest quality of it."""

    @field_validator("jpeg_quality")
    @classmethod
    def _rises(cls, quality: tuple[int, int]) -> tuple[int, int]:
        if quality[0] > quality[1]:
            raise ValueError(f"expected the least quality first, got {quality}")
        return quality
