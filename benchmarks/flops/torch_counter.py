"""Counting on the network itself: torch's flop counter, operator by operator, without data."""

from collections.abc import Iterator
from math import prod
from typing import Any

import torch
from torch._ops import OpOverload
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from ...runtime.preprocess import VIEWS, View
from ...training.config import NetworkConfig
from ...training.network import CLNet
from .count import BranchCount, ModuleCount
from .modules import GFR, module_of

_FP32_BYTES = 4


def count_network(config: NetworkConfig) -> dict[View, BranchCount]:
    """
    Count both branches for one image each.

    Shapes alone flow through the network: its weights are never written, and nothing is
    computed. NEC is counted as it stands, once for each satellite image.

    Raises:
        ConfigError: backbone, levels and sizes do not fit together.

    """
    with torch.device("meta"):
        network = CLNet(config)
    network.to_empty(device="cpu").eval().requires_grad_(False)
    return {view: _branch(network, view) for view in VIEWS}


def _branch(network: CLNet, view: View) -> BranchCount:
    size = network.config.preprocess(view)
    flops = FlopCounterMode(display=False)
    watch = _Watch(network, flops)
    with FakeTensorMode(allow_non_fake_inputs=True):
        images = torch.zeros(1, 3, size.height, size.width)
        with torch.no_grad(), flops, watch:
            network(images, view)
    return watch.modules


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Books what each operator adds to torch's counter on the module that called it."""

    def __init__(self, network: CLNet, flops: FlopCounterMode) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.modules: dict[str, ModuleCount] = {}
        self._flops = flops
        self._root = type(network).__name__
        self._names = {id(weight): name for name, weight in network.named_parameters()}

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        before = self._flops.get_total_flops()
        out = func(*args, **(kwargs or {}))
        module = self._module()
        count = self.modules.setdefault(module, ModuleCount())
        count.macs += (self._flops.get_total_flops() - before) // 2
        count.activation_bytes += _written_bytes(func, out)
        if func is torch.ops.aten.native_layer_norm.default:
            count.layer_norm_operations += prod(args[0].shape) * (4 if args[2] is None else 5)
        for name, size in self._weights(args):
            owner = module_of(name) or module
            self.modules.setdefault(owner, ModuleCount()).weights[name] = size
        return out

    def _module(self) -> str:
        inner = max(self._flops.mod_tracker.parents, key=len).removeprefix(f"{self._root}.")
        return module_of(inner) or GFR  # all that CLNet computes itself is the recalibration

    def _weights(self, args: object) -> Iterator[tuple[str, int]]:
        for one in tree_leaves(args):
            if (name := self._names.get(id(one))) is not None:
                yield name, one.numel()


def _written_bytes(func: OpOverload, out: object) -> int:
    """Size of an operator's first output; others serve the backward pass."""
    is_view = any(one.alias_info is not None for one in func._schema.returns)
    if is_view or func is torch.ops.aten._unsafe_view.default:
        return 0
    first = next((one for one in tree_leaves(out) if isinstance(one, torch.Tensor)), None)
    return 0 if first is None else _FP32_BYTES * first.numel()
