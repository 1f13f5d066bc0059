"""Backends that can run a batch which their device holds already: what copies cost, shows."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class HoldsBatches(Protocol):
    """Offered by backends on a GPU."""

    def resident(self, images: NDArray[np.uint8]) -> Callable[[], None]:
        """
        Bring a batch to the device, for runs of the network alone.

        Args:
            images: as `Backend.embed`'s.

        Returns:
            What runs the network once and waits for it; no copy is in it, and its embeddings
            stay on the device, unchecked. Valid until the backend closes. Where it has `device_s`,
            that tells the seconds of the last run between two CUDA events on its stream.

        Raises:
            ShapeError: as `Backend.embed`.
            DeviceFailed: the GPU has not the memory.

        """
        ...
