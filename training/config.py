"""What a network is: every choice that the paper leaves open is a field here (docs/model.md)."""

from typing import Any, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from typing_extensions import Self

from ..runtime.artifact import Artifact
from ..runtime.panorama import NORTH_CENTRED
from ..runtime.preprocess import Preprocess, View


class ConverterConfig(Artifact):
    """The Nonlinear Embedding Converter (NEC): an MLP from the ground map to the satellite map."""

    depth: PositiveInt = 2
    """Linear layers; 1 is a linear map."""

    width: PositiveInt = 64
    """Units of each hidden layer."""

    activation: Literal["gelu", "relu", "silu", "tanh"] = "gelu"
    """Between the linear layers."""


class MapConfig(Artifact):
    """Neural maps and the recalibration (GFR) that uses them."""

    source: Literal["learned", "image"] = "learned"
    """`learned`: N is a parameter. `image`: N is computed from the view's own features."""

    converter: ConverterConfig | None = ConverterConfig()
    """NEC; None gives each view a map of its own. Must be None when `source` is `image`."""

    normaliser: Literal["softmax", "sigmoid", "l2", "minmax"] = "softmax"
    """How a map becomes an importance distribution over positions."""

    residual: bool = True
    """F' = F + F * norm(N); without it F' = F * norm(N)."""

    init_std: PositiveFloat = 1.0
    """Standard deviation of N at the start; 0.02 does not leave the plateau on the town."""

    @model_validator(mode="after")
    def _image_maps_need_no_converter(self) -> Self:
        if self.source == "image" and self.converter is not None:
            raise ValueError(
                "maps computed from the image are each view's own: set converter: null"
            )
        return self


class NetworkConfig(Artifact):
    """A two-branch network. Defaults: ConvNeXt-Tiny with NEC on the last stage, CVUSA's sizes."""

    backbone: str = "convnext_tiny"
    """A timm model name."""

    backbone_options: dict[str, Any] = Field(default_factory=dict)
    """Further arguments of `timm.create_model`, such as {"kernel_sizes": 3}."""

    shared: bool = True
    """One encoder for both views, as in Sample4Geo; False gives each view its own."""

    levels: tuple[NonNegativeInt, ...] = (3,)
    """Backbone stages, rising, that are recalibrated and enter the descriptor."""

    maps: MapConfig | None = MapConfig()
    """None is the baseline: no neural maps, no GFR."""

    fusion: Literal["concat", "sum"] = "concat"
    """How levels are joined; `sum` projects each to `embedding_dim` first."""

    head: Literal["pooled", "flattened"] = "pooled"
    """Mean over positions, or all positions in a row (needs `embedding_dim`)."""

    embedding_dim: PositiveInt | None = None
    """D after a Linear layer; None leaves the pooled channels as they are."""

    batch_norm: bool = False
    """One non-affine BatchNorm a view on the descriptor, before the L2 norm."""

    ground: Preprocess = Preprocess(view="ground", height=140, width=768, panorama=NORTH_CENTRED)
    """Size and statistics of the ground branch's input, and where its panoramas look."""

    satellite: Preprocess = Preprocess(view="satellite", height=384, width=384)
    """Size and statistics of the satellite branch's input."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.levels or sorted(set(self.levels)) != list(self.levels):
            raise ValueError(f"levels must be rising stage numbers, got {self.levels}")
        if self.embedding_dim is None and (self.head == "flattened" or self.fusion == "sum"):
            raise ValueError("a flattened head and a summed fusion need embedding_dim")
        for view in ("ground", "satellite"):
            if self.preprocess(view).view != view:
                raise ValueError(f"{view}.view must be {view!r}")
        return self

    def preprocess(self, view: View) -> Preprocess:
        """Return one view's preprocessing."""
        return self.ground if view == "ground" else self.satellite
