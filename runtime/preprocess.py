"""
From a decoded image to the network's input: one implementation for training and runtime.

A checkpoint carries its own preprocessing, because OpenCV's linear and PIL's bilinear
differ enough to move embeddings.
"""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt, model_validator
from typing_extensions import Self

from .artifact import Artifact
from .errors import ConfigError, ShapeError
from .panorama import Crop, Panorama, columns_of, even_columns

View = Literal["ground", "satellite"]
VIEWS: tuple[View, View] = ("ground", "satellite")

MAX_SIDE = 8192
"""Rows and columns of a network's input, at most."""

_INTERPOLATION = {"linear_exact": cv2.INTER_LINEAR_EXACT, "area": cv2.INTER_AREA}


class Preprocess(Artifact):
    """How one view's images become the network's input."""

    view: View
    """Which branch this belongs to; a drone image counts as ground."""

    height: PositiveInt = Field(le=MAX_SIDE)
    """H, rows of the network's input, in pixels."""

    width: PositiveInt = Field(le=MAX_SIDE)
    """W, columns of the network's input, in pixels."""

    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    """RGB mean, on the [0, 1] intensity scale (torchvision's ImageNet statistics)."""

    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat] = (0.229, 0.224, 0.225)
    """RGB standard deviation, on the [0, 1] intensity scale (same source)."""

    resize: Literal["linear_exact", "area"] = "linear_exact"
    """OpenCV's kernel; linear_exact is bit-exact across processors, as Sample4Geo uses."""

    panorama: Panorama | None = None
    """What the columns of a ground image mean; None: nothing that could place a photograph."""

    @model_validator(mode="after")
    def _only_the_ground_has_a_horizon(self) -> Self:
        if self.panorama is not None and self.view != "ground":
            raise ValueError("panorama: only the ground view has one")
        return self

    def fit(self, image: NDArray[np.uint8], crop: Crop | None = None) -> NDArray[np.uint8]:
        """
        Resize to the network's size; the aspect ratio is not kept, as in Sample4Geo.

        A crop fills its own columns of the panorama, at full height. The others hold the mean
        colour, which the network sees as zero, as it sees its own padding.

        Args:
            image: [h, w, 3] uint8, RGB.
            crop: the photograph's heading and field of view; None takes it for a whole image.

        Returns:
            [H, W, 3] uint8, RGB.

        Raises:
            ShapeError: `image` is not [h, w, 3] uint8.
            ConfigError: a crop, where preprocessing does not say how its panoramas look.
            DataError: the crop reaches beyond the panorama.

        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ShapeError("image", "uint8 [h, w, 3]", f"{image.dtype} {list(image.shape)}")
        if crop is None:
            return self._resized(image, self.width)
        if self.view != "ground":
            raise ConfigError(
                f"a {self.view} image has neither heading nor field of view: give no --heading "
                "and --fov"
            )
        columns = columns_of(self.panorama, self.width, crop)
        if crop.projection == "pinhole":
            image = even_columns(self._resized(image, min(image.shape[1], MAX_SIDE)), crop.fov_deg)
        fitted = np.empty((self.height, self.width, 3), np.uint8)
        fitted[:] = np.rint(np.asarray(self.mean) * 255)
        fitted[:, columns] = self._resized(image, len(columns))
        return fitted

    def _resized(self, image: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
        if image.shape[:2] == (self.height, width):
            return image
        size = (width, self.height)
        fitted = cv2.resize(image, size, interpolation=_INTERPOLATION[self.resize])
        return np.asarray(fitted, dtype=np.uint8)

    def tensor(
        self, images: NDArray[np.uint8], out: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """
        Normalise a batch for the network.

        Args:
            images: [B, H, W, 3] uint8, RGB, as `fit` returns them.
            out: where to write it, of the result's shape; None takes new memory.

        Returns:
            [B, 3, H, W] float32, contiguous: (value / 255 - mean) / std per channel.

        Raises:
            ShapeError: `images` is not [B, H, W, 3] uint8 of this view's size.

        """
        self.check(images)
        scale, shift = self.scale_and_shift()
        shape = (len(images), 3, self.height, self.width)
        tensor = np.empty(shape, np.float32) if out is None else out
        for channel in range(3):
            np.multiply(images[..., channel], scale[channel], out=tensor[:, channel])
            tensor[:, channel] -= shift[channel]
        return tensor

    def scale_and_shift(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return [3] and [3] float32 such that a normalised value is value * scale - shift."""
        std = np.asarray(self.std)
        scale, shift = 1.0 / (255.0 * std), np.asarray(self.mean) / std
        return scale.astype(np.float32), shift.astype(np.float32)

    def check(self, images: NDArray[np.uint8]) -> None:
        """Raise ShapeError unless `images` is [B, H, W, 3] uint8 of this view's size."""
        if images.dtype != np.uint8 or images.shape[1:] != (self.height, self.width, 3):
            expected = f"uint8 [B, {self.height}, {self.width}, 3]"
            actual = f"{images.dtype} {list(images.shape)}"
            raise ShapeError(f"{self.view} images", expected, actual)
