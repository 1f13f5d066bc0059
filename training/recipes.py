"""
Recipes: what a published weights file does not say of itself.

Sample4Geo (github Skyy93/Sample4Geo @498c651: its eval scripts, model and transforms) has one
timm model for both views, pools as timm does, and scales to unit length; each benchmark has its
own input sizes. That is the baseline here: no maps, no projection, no BatchNorm.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from ..runtime.panorama import NORTH_CENTRED, Panorama
from ..runtime.preprocess import Preprocess
from .config import NetworkConfig

RecipeName = Literal[
    "sample4geo-cvusa", "sample4geo-cvact", "sample4geo-vigor", "sample4geo-university1652"
]
RECIPES: tuple[RecipeName, ...] = get_args(RecipeName)

SATELLITE = (384, 384)
"""Height and width of every recipe's tiles, in pixels."""

GROUND: dict[RecipeName, tuple[int, int]] = {
    "sample4geo-cvusa": (140, 768),  # 768 wide at the panorama's 224:1232, rounded
    "sample4geo-cvact": (140, 768),  # the same; CVACT's taller panoramas are squeezed
    "sample4geo-vigor": (384, 768),
    "sample4geo-university1652": (384, 384),  # drone images; pairs of either direction
}
"""Height and width of each recipe's ground images, in pixels."""

PANORAMA: dict[RecipeName, Panorama | None] = {
    "sample4geo-cvusa": NORTH_CENTRED,
    "sample4geo-cvact": NORTH_CENTRED,
    "sample4geo-vigor": NORTH_CENTRED,
    "sample4geo-university1652": None,  # a drone looks down
}
"""
Where each benchmark's ground images look. CVUSA and CVACT: the polar transform of SAFA (github
shiyujiao/cross_view_localization_SAFA) puts the tile's north into the middle column and its west
a quarter before. VIGOR: CCVPE's reader (github tudelft-iv/CCVPE) calls an unrolled panorama north.
"""

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""RGB mean and standard deviation on the [0, 1] scale (torchvision's ImageNet statistics)."""

Statistics = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Architecture:
    """What of a timm model decides a baseline network."""

    name: str
    """timm's name, without the tag of its pretraining: the tag changes no tensor."""

    last_level: int
    """Number of the last stage, whose features are pooled."""

    statistics: Statistics = IMAGENET
    """What the model's pretraining normalised with: Sample4Geo asks timm for it."""


def baseline(recipe: RecipeName, architecture: Architecture) -> NetworkConfig:
    """
    Configure the network that a weights file of `recipe` belongs to.

    Images are resized by OpenCV's INTER_LINEAR_EXACT without keeping their aspect ratio.
    """
    mean, std = architecture.statistics
    (ground_height, ground_width), (height, width) = GROUND[recipe], SATELLITE
    return NetworkConfig(
        backbone=architecture.name,
        shared=True,
        levels=(architecture.last_level,),
        maps=None,
        head="pooled",
        ground=Preprocess(
            view="ground",
            height=ground_height,
            width=ground_width,
            mean=mean,
            std=std,
            resize="linear_exact",
            panorama=PANORAMA[recipe],
        ),
        satellite=Preprocess(
            view="satellite", height=height, width=width, mean=mean, std=std, resize="linear_exact"
        ),
    )
