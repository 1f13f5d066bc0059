"""
The few places where the two flavours differ. Everything else is the common builder's.

`module` stands for `tensorrt` or `tensorrt_rtx`: two modules with the same names, typed as Any
because no stubs cover 10.3, 11 and RTX alike. What the builder uses of them exists in all three;
`names.py` lists what does not.
"""

from typing import Any, Protocol

from ..runtime.engine.flavour import Flavour, import_flavour


class Adapter(Protocol):
    """One flavour of TensorRT."""

    module: Any
    """The imported module."""

    version: str
    """Its version."""

    one_profile: bool
    """Whether one optimization profile serves all classes of batches best."""

    def capabilities(self) -> tuple[str, ...]:
        """
        List the GPUs it can build for here, as "8.6", rising.

        Raises:
            BackendUnavailable: it needs a GPU to build, and there is none.

        """
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
