"""From a typed network to the bytes of an engine."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..runtime.errors import ArtifactError
from .adapter import Adapter
from .config import BuildConfig
from .contract import TensorRecord
from .errors import BuildFailed
from .log import Log
from .parse import inputs_of
from .sidecar import BatchRange
from .target import capability_of


@dataclass(frozen=True, slots=True)
class Compiled:
    """A finished engine, still in memory."""

    plan: memoryview
    """The engine's bytes."""

    capabilities: tuple[str, ...]
    """GPUs it runs on."""

    left_out: dict[str, str]
    """GPUs the compiler refused, with its reason."""

    profiles: tuple[BatchRange, ...]
    """Optimization profiles, in order."""

    tf32: bool
    """Read back from the builder."""


def compile_network(
    adapter: Adapter,
    builder: Any,  # noqa: ANN401 - see adapter.py
    network: Any,  # noqa: ANN401
    log: Log,
    capabilities: tuple[str, ...],
    config: BuildConfig,
) -> Compiled:
    """
    Compile for every GPU the graph admits.

    The compiler itself says which it does not: it names the GPU and the node, within a second.

    Args:
        adapter: the flavour.
        builder: its IBuilder.
        network: a parsed network of that builder.
        log: what that builder writes to.
        capabilities: GPUs to try, as "8.6".
        config: builder options.

    Raises:
        ArtifactError: the graph has dynamic dimensions besides the batch.
        BuildFailed: the compiler refused the graph as such, or for every GPU.

    """
    profiles = profiles_for(inputs_of(network), lambda: adapter.profiles(config))
    left_out: dict[str, str] = {}
    while True:
        admitted = tuple(item for item in capabilities if item not in left_out)
        if not admitted:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
            raise BuildFailed(f"the compiler refuses every GPU asked for: {reasons}", log.text())
        options = _options(adapter, builder, network, config, profiles)
        adapter.target(options, admitted)
        log.errors.clear()
        plan = builder.build_serialized_network(network, options)
        if plan is not None:
            tf32 = bool(options.get_flag(adapter.module.BuilderFlag.TF32))
            return Compiled(memoryview(plan), admitted, left_out, profiles, tf32)
        refused = refusals(log.errors, admitted)
        if not refused:
            raise BuildFailed(_explained(log.errors, config), log.text())
        left_out |= refused


def profiles_for(
    inputs: tuple[TensorRecord, ...], choose: Callable[[], tuple[BatchRange, ...]]
) -> tuple[BatchRange, ...]:
    """
    Choose the optimization profiles of a network.

    Args:
        inputs: its inputs.
        choose: names the flavour's profiles; asked only if the batch is dynamic.

    Raises:
        ArtifactError: a dimension besides the batch is dynamic.

    """
    for tensor in inputs:
        if not tensor.shape or -1 in tensor.shape[1:]:
            raise ArtifactError(
                f"input {tensor.name}: only the batch may be dynamic, got {list(tensor.shape)}; "
                "export it with a fixed height and width"
            )
    batch = inputs[0].shape[0]
    if batch == -1:
        return choose()
    return (BatchRange(min_batch=batch, opt_batch=batch, max_batch=batch),)


def refusals(errors: list[str], tried: tuple[str, ...]) -> dict[str, str]:
    """
    Find the GPUs that the compiler's errors name.

    Args:
        errors: what the compiler said.
        tried: the GPUs it compiled for, as "8.6".

    Returns:
        The reason for each refused GPU among `tried`.

    """
    found: dict[str, str] = {}
    for line in errors:
        for name in re.findall(r"\b(SM\d{2,3})\b", line):
            capability = capability_of(name)
            if capability in tried:
                found.setdefault(capability, _reason(line))
    return found


def _reason(line: str) -> str:
    told = re.search(r"Cannot compile operation .*?: [^.)]*", line)
    return told[0] if told else line


def _options(
    adapter: Adapter,
    builder: Any,  # noqa: ANN401
    network: Any,  # noqa: ANN401
    config: BuildConfig,
    profiles: tuple[BatchRange, ...],
) -> Any:  # noqa: ANN401
    module = adapter.module
    options = builder.create_builder_config()
    options.set_memory_pool_limit(module.MemoryPoolType.WORKSPACE, config.workspace_mib * 2**20)
    switch = options.set_flag if config.tf32 else options.clear_flag
    switch(module.BuilderFlag.TF32)
    dynamic = [tensor for tensor in inputs_of(network) if tensor.shape[0] == -1]
    for batches in profiles if dynamic else ():
        profile = builder.create_optimization_profile()
        for tensor in dynamic:
            sizes = (batches.min_batch, batches.opt_batch, batches.max_batch)
            profile.set_shape(tensor.name, *((size, *tensor.shape[1:]) for size in sizes))
        options.add_optimization_profile(profile)
    return options


def _explained(errors: list[str], config: BuildConfig) -> str:
    said = " | ".join(errors) or "no reason given"
    if "OutOfMemory" in said:
        needed = [int(number) for number in re.findall(r"Requested size was (\d+)", said)]
        wants = f" (it asked for {-(-max(needed) // 2**20)} MiB)" if needed else ""
        return (
            f"workspace_mib: {config.workspace_mib} MiB is too little for a batch of "
            f"{config.batches[-1]}{wants}: raise it or lower the largest batch; {said}"
        )
    return f"the compiler refuses the graph: {said}"
