"""The few places where the two flavours differ; everything else is the common builder's."""

from typing import TYPE_CHECKING, Protocol

from ..runtime.engine.flavour import Flavour, import_flavour
from ..runtime.engine.tensorrt_api import TensorRT

if TYPE_CHECKING:
    import tensorrt as trt


class Adapter(Protocol):
    """One flavour of TensorRT."""

    module: TensorRT
    """The imported module."""

    version: str
    """Its version."""

    one_profile: bool
    """Whether one optimization profile serves all classes of batches best."""

    times_kernels: bool
    """Whether it measures kernels while it builds, and so has timings worth keeping."""

    def capabilities(self) -> tuple[str, ...]:
        """
        List the GPUs it can build for here, as "8.6", rising.

        Raises:
            BackendUnavailable: it needs a GPU to build, and there is none.

        """
        ...

    def target(self, options: "trt.IBuilderConfig", capabilities: tuple[str, ...]) -> None:
        """Set the GPUs on an IBuilderConfig."""
        ...


def load_adapter(flavour: Flavour) -> Adapter:
    """
    Import a flavour.

    Raises:
        BackendUnavailable: it is not installed, cannot be loaded, or is too old.

    """
    from .rtx_adapter import RtxAdapter
    from .tensorrt_adapter import TensorRTAdapter

    module = import_flavour(flavour)
    return RtxAdapter(module) if flavour == "tensorrt-rtx" else TensorRTAdapter(module)
