"""The row of `clnet-bench flops`: what one module of one branch computes for one image."""

from typing import Literal

from pydantic import NonNegativeInt, model_validator
from typing_extensions import Self

from ...runtime.preprocess import View
from .result import Result


class FlopsResult(Result):
    """Counted, not timed: the same on every machine."""

    kind: Literal["flops"] = "flops"
    """Which table the row belongs to."""

    network: str
    """Name of the configuration, such as `clnet-tiny` or `sample4geo`."""

    benchmark: str
    """Whose image sizes: `cvusa`, `university1652`, `vigor`; or `own` for a configuration's."""

    view: Literal[View, "pair"]
    """`pair` is one ground image and one satellite image: the total."""

    module: str
    """A part of the branch, such as `backbone.stage1`, `nec`, `gfr`, `head`; `total` is all of
    them, once for each network, benchmark, view and counter. `input` is what a graph does to
    images before the backbone."""

    counter: Literal["torch", "onnx"]
    """`torch`: its flop counter on the network, which computes its maps anew. `onnx`: a count over
    the exported graph, whose maps are folded to constants."""

    macs: NonNegativeInt
    """Multiply-accumulates of convolutions and matrix products."""

    flops: NonNegativeInt
    """2 x `macs`: one multiply-accumulate is two operations. Elementwise work is not in it."""

    params: NonNegativeInt
    """Weights that the view reads; those that both branches share count once in a pair. In a graph:
    its floating-point constants of more than one number."""

    activation_bytes: NonNegativeInt | None
    """Outputs of the module's operators for one image, in FP32, views left out; they do not all
    live at once. None where not counted."""

    layer_norm_operations: NonNegativeInt | None = None
    """What fvcore adds to `macs` for LayerNorm: 5 an element (4 without weights). `macs` plus this
    is the figure that fvcore prints; None where not counted."""

    @model_validator(mode="after")
    def _two_flops_a_mac(self) -> Self:
        if self.flops != 2 * self.macs:
            raise ValueError(f"flops is {self.flops}, expected 2 x macs = {2 * self.macs}")
        return self
