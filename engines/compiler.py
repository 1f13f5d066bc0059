"""From a typed network to the bytes of an engine."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..runtime.engine.config import BuildConfig
from ..runtime.engine.profile import Profile
from ..runtime.errors import BuildFailed
from .adapter import Adapter
from .log import Log
from .parse import Parsed
from .profiles import profiles_of
from .refusal import refusals, why
from .timings import Timings

if TYPE_CHECKING:
    import tensorrt as trt


@dataclass(frozen=True, slots=True)
class Compiled:
    """A finished engine, still in memory."""

    plan: memoryview
    """The engine's bytes."""

    capabilities: tuple[str, ...]
    """GPUs it runs on."""

    left_out: dict[str, str]
    """GPUs the compiler refused, with its reason."""

    profiles: tuple[Profile, ...]
    """Optimization profiles, in order."""

    tf32: bool
    """Read back from the builder."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """A parsed network and everything that turns it into an engine."""

    adapter: Adapter
    """The flavour."""

    builder: "trt.Builder"
    """Its builder."""

    parsed: Parsed
    """A network of that builder."""

    log: Log
    """What that builder writes to."""

    config: BuildConfig
    """Classes of batches, scratch memory, TF32."""

    timings: Timings | None = None
    """Kernel timings of earlier builds, where the flavour has any."""

    def run(self, capabilities: tuple[str, ...]) -> Compiled:
        """
        Compile for every GPU the graph admits.

        The compiler itself says which it does not: it names the GPU and the node, within a second.

        Args:
            capabilities: GPUs to try, as "8.6".

        Raises:
            ArtifactError: a branch has dynamic dimensions besides the batch.
            BuildFailed: the compiler refuses the graph as such, or for every GPU.

        """
        profiles = profiles_of(self.parsed.inputs, self.adapter, self.config)
        left_out: dict[str, str] = {}
        admitted = capabilities
        while admitted:
            options = self._options(profiles)
            self.adapter.target(options, admitted)
            self.log.errors.clear()
            plan = self.builder.build_serialized_network(self.parsed.network, options)
            if plan is not None:
                tf32 = bool(options.get_flag(self.adapter.module.BuilderFlag.TF32))
                return Compiled(memoryview(plan), admitted, left_out, profiles, tf32)
            refused = refusals(self.log.errors, admitted)
            if not refused:
                raise BuildFailed(why(self.log.errors, self.config), self.log.text())
            left_out |= refused
            admitted = tuple(name for name in admitted if name not in left_out)
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        raise BuildFailed(f"the compiler refuses every GPU tried: {reasons}", self.log.text())

    def _options(self, profiles: tuple[Profile, ...]) -> "trt.IBuilderConfig":
        module = self.adapter.module
        options = self.builder.create_builder_config()
        workspace_bytes = self.config.workspace_mib * 2**20
        options.set_memory_pool_limit(module.MemoryPoolType.WORKSPACE, workspace_bytes)
        switch = options.set_flag if self.config.tf32 else options.clear_flag
        switch(module.BuilderFlag.TF32)
        # Without it a finished engine tells its inspector no types, and proves nothing.
        options.profiling_verbosity = module.ProfilingVerbosity.DETAILED
        dynamic = any(-1 in tensor.shape for tensor in self.parsed.inputs)
        if self.timings is not None:
            self.timings.attach(options)
        for profile in profiles if dynamic else ():
            options.add_optimization_profile(self._profile(profile))
        return options

    def _profile(self, profile: Profile) -> "trt.IOptimizationProfile":
        told = self.builder.create_optimization_profile()
        for name, shapes in profile.shapes.items():
            told.set_shape(name, shapes.min, shapes.opt, shapes.max)
        for name, values in profile.values.items():
            told.set_shape_input(name, list(values.min), list(values.opt), list(values.max))
        return told
