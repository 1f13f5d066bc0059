"""Backends that can run a batch which their device holds already: what copies cost, shows."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .device import Device


class ResidentRun:
    """Runs of a network on one stream, between two events."""

    def __init__(
        self,
        device: Device,
        stream: int,
        events: tuple[int, int],
        enqueue: Sequence[Callable[[], None]],
    ) -> None:
        """
        Take what a run is made of.

        Args:
            device: the GPU.
            stream: where everything runs.
            events: for the start and the end; whoever made them gives them back.
            enqueue: what a run puts on the stream, in order.

        """
        self._device = device
        self._stream = stream
        self._events = events
        self._enqueue = enqueue

    def __call__(self) -> None:
        """Run once and wait for it."""
        start, end = self._events
        self._device.record(start, self._stream)
        for enqueue in self._enqueue:
            enqueue()
        self._device.record(end, self._stream)
        self._device.synchronize(self._stream)

    def device_s(self) -> float:
        """Tell the seconds of the last run by the GPU's clock."""
        return self._device.elapsed_s(*self._events)


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
