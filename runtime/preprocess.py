"""
From a decoded image to the network's input: one implementation for training and runtime.

A checkpoint carries its own preprocessing, because OpenCV's linear and PIL's bilinear
differ enough to move embeddings.
"""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from .artifact import Artifact
from .errors import ShapeError

View = Literal["ground", "satellite"]
VIEWS: tuple[View, View] = ("ground", "satellite")

_INTERPOLATION = {"linear_exact": cv2.INTER_LINEAR_EXACT, "area": cv2.INTER_AREA}


class Preprocess(Artifact):
    """How one view's images become the network's input."""

    view: View
    """Which branch this belongs to; a drone image counts as ground."""

    height: PositiveInt = Field(le=8192)
    """H, rows of the network's input, in pixels."""

    width: PositiveInt = Field(le=8192)
    """W, columns of the network's input, in pixels."""

    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    """RGB mean, on the [0, 1] intensity scale (torchvision's ImageNet statistics)."""

    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat] = (0.229, 0.224, 0.225)
    """RGB standard deviation, on the [0, 1] intensity scale (same source)."""

    resize: Literal["linear_exact", "area"] = "linear_exact"
    """OpenCV's kernel; linear_exact is bit-exact across processors, as Sample4Geo uses."""

    def fit(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Resize to the network's size; the aspect ratio is not kept, as in Sample4Geo.

        Args:
            image: [h, w, 3] uint8, RGB.

        Returns:
            [H, W, 3] uint8, RGB.

        Raises:
            ShapeError: `image` is not [h, w, 3] uint8.

        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ShapeError("image", "uint8 [h, w, 3]", f"{image.dtype} {list(image.shape)}")
        if image.shape[:2] == (self.height, self.width):
            return image
        size = (self.width, self.height)
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
