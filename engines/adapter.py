"""
The few places where the two flavours differ. Everything else is the common builder's.

`module` stands for `tensorrt` or `tensorrt_rtx`: two modules with the same names, typed as Any
because no stubs cover 10.3, 11 and RTX alike. What the builder uses of them exists in all three;
`names.py` lists what does not.
"""

from typing import Any, Protocol

from ..runtime.engine.config import BuildConfig
from ..runtime.engine.flavour import Flavour, import_flavour
from ..runtime.engine.sidecar import BatchRange


class Adapter(Protocol):
    """One flavour of TensorRT."""

    module: Any
    """The imported module."""

    version: str
    """Its version."""

    def capabilities(self) -> tuple[str, ...]:
        """
        List the GPUs it can build for here, as "8.6", rising.

        Raises:
            BackendUnavailable: it needs a GPU to build, and there is none.

        """
        ...

    def profiles(self, config: BuildConfig) -> tuple[BatchRange, ...]:
        """Choose the optimization profiles that serve the batch classes best."""
        ...

    def target(self, options: Any, capabilities: tuple[str, ...]) -> None:  # noqa: ANN401
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
