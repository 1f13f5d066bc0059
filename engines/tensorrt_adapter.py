"""TensorRT 10.3 to 11: builds on the GPU that will run the engine, and times its kernels there."""

import re
from typing import TYPE_CHECKING

from ..runtime.engine.gpu import compute_capability
from ..runtime.engine.tensorrt_api import TensorRT
from ..runtime.errors import BackendUnavailable

if TYPE_CHECKING:
    import tensorrt as trt

OLDEST = (10, 3)
"""JetPack 6.2's version."""


class TensorRTAdapter:
    """Builds for this machine's first GPU."""

    one_profile = False
    """One per class, its kernels timed at the full class; it takes smaller batches, too."""

    times_kernels = True

    def __init__(self, module: TensorRT) -> None:
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

    def target(self, options: "trt.IBuilderConfig", capabilities: tuple[str, ...]) -> None:
        """Do nothing: this flavour builds for the GPU it runs on."""
