"""The GPU memory that this process holds."""

import os

from .nvml import nvml_or_none


class DeviceMemoryWatch:
    """Looks when it is asked and remembers the most; make it before the first turn."""

    def __init__(self) -> None:
        self._gpu = nvml_or_none()
        self._peak_mib: float | None = None

    def peak_mib(self) -> float | None:
        """
        Look now; return the most of all looks, in MiB.

        None without a GPU, on a Jetson (whose GPU takes the host's memory), and in a container
        whose process numbers the driver does not know.
        """
        held = None if self._gpu is None else self._gpu.held_mib(os.getpid())
        if held is not None:
            self._peak_mib = max(held, self._peak_mib or 0.0)
        return self._peak_mib
