"""TensorRT 10.3 to 11: builds on the GPU that will run the engine, and times its kernels there."""

import re
from typing import Any

from ..runtime.engine.gpu import compute_capability
from ..runtime.errors import BackendUnavailable

OLDEST = (10, 3)
"""JetPack 6.2's version."""


class TensorRTAdapter:
    """Builds for this machine's first GPU."""

    one_profile = False
    """One per class, its kernels timed at the full class; it takes smaller batches, too."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - see adapter.py
        self.module = module
        self.version = str(module.__version__)
        numbers = re.match(r"(\d+)\.(\d+)", self.version)
        if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
            raise BackendUnavailable(
                f"tensorrt {self.version} is too old: expected 10.3 or later (JetPack 6.2 has it)"
            )

    def capabilities(self) -> tuple[str, ...]:
        """
        Ask the driver what the first GPU is.

        Raises:
            BackendUnavailable: no driver or no GPU.

        """
        return (compute_capability(),)

    def target(self, options: Any, capabilities: tuple[str, ...]) -> None:  # noqa: ANN401
        """Do nothing: this flavour builds for the GPU it runs on."""
