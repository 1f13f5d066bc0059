"""The row of `clnet-bench flops`: what one module of one branch computes for one image."""

from typing import Literal

from pydantic import NonNegativeInt

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
    them, once for each network, benchmark, view and counter."""

    counter: Literal["torch", "onnx"]
    """`torch`: its flop counter on the network, which computes its maps anew. `onnx`: a count over
    the exported graph, whose maps are folded to constants."""

    macs: NonNegativeInt
    """Multiply-accumulates of convolutions and matrix products."""

    flops: NonNegativeInt
    """2 x `macs`: one multiply-accumulate is two operations. Elementwise work is not in it."""

    params: NonNegativeInt
    """Weights; those that both branches share count once in a pair. In a graph: its constants."""

    activation_bytes: NonNegativeInt | None
    """Outputs of the module's operators for one image, in FP32; None where not counted."""
