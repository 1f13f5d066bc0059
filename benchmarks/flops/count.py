"""What was counted: a branch by its modules, a pair of branches, and their sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class ModuleCount:
    """One module of one branch, for one image."""

    macs: int = 0
    """Multiply-accumulates of convolutions and matrix products."""

    layer_norm_operations: int = 0
    """fvcore's rule: 5 an element that passes an affine LayerNorm, 4 without weights."""

    activation_bytes: int = 0
    """Outputs of its operators in FP32; views of other tensors are none."""

    weights: dict[str, int] = field(default_factory=dict)
    """How many numbers each weight has, by what identifies it in either branch."""

    @property
    def params(self) -> int:
        """How many numbers the weights have."""
        return sum(self.weights.values())


BranchCount = Mapping[str, ModuleCount]
"""By module; there is no `total` among them."""


def sum_of(counts: Iterable[ModuleCount]) -> ModuleCount:
    """Add up; a weight that several of them read counts once."""
    total = ModuleCount()
    for one in counts:
        total.macs += one.macs
        total.layer_norm_operations += one.layer_norm_operations
        total.activation_bytes += one.activation_bytes
        total.weights.update(one.weights)
    return total


def pair_of(branches: Iterable[BranchCount]) -> dict[str, ModuleCount]:
    """Add up branches, module by module."""
    branches = tuple(branches)
    modules = dict.fromkeys(module for branch in branches for module in branch)
    return {one: sum_of(branch[one] for branch in branches if one in branch) for one in modules}
