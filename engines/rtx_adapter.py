"""TensorRT-RTX: builds on a CPU, for several GPUs at once, strongly typed only."""

from typing import Any

from .target import capability_of, enum_name_of


class RtxAdapter:
    """Builds one engine for many GPUs; their drivers finish the kernels when it is loaded."""

    one_profile = True
    """
    RTX specialises kernels per shape when it runs. A profile per class would cost here: for
    ConvNeXt-Tiny in half at 384², ranges that end at 1, 8 and 32 build 2.5 times as long, and
    three fixed batches give 925 MB instead of 66.
    """

    times_kernels = False
    """Its timing cache is there and does nothing: RTX warns so."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - the stubs know no RTX
        self.module = module
        self.version = str(module.__version__)

    def capabilities(self) -> tuple[str, ...]:
        """List the enum's GPUs; it names no Orin (8.7), Hopper (9.0) or Thor (11.0)."""
        names = self.module.ComputeCapability.__members__
        found = [capability_of(name) for name in names if name.startswith("SM")]
        return tuple(sorted(found, key=float))

    def target(self, options: Any, capabilities: tuple[str, ...]) -> None:  # noqa: ANN401
        """Set the GPUs on an IBuilderConfig."""
        options.num_compute_capabilities = len(capabilities)
        for index, capability in enumerate(capabilities):
            name = enum_name_of(capability)
            options.set_compute_capability(getattr(self.module.ComputeCapability, name), index)
