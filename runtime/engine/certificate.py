"""What a network really computes in, as read from the network that TensorRT parsed."""

from pydantic import Field

from ..artifact import Artifact
from ..bundle import Precision
from ..errors import ArtifactError


class Certificate(Artifact):
    """Types of a parsed network; dtypes bear TensorRT's names in lower case: half, float."""

    layers: int = Field(ge=0)
    """Layers in the network, constants left out."""

    tensors: dict[str, int]
    """Tensors that layers write, by dtype."""

    bytes_at_batch_1: dict[str, int]
    """Their bytes by dtype, a dynamic first dimension counted as 1; unknown sizes left out."""

    products: dict[str, int]
    """Convolutions and matrix products, by the dtype they read."""

    float_layers: tuple[str, ...]
    """Names of the layers that write FP32."""

    half_share_of_tensors: float = Field(ge=0, le=1)
    """Share of the floating-point tensors that are half."""

    half_share_of_bytes: float = Field(ge=0, le=1)
    """The same by bytes."""

    half_share_of_products: float = Field(ge=0, le=1)
    """Share of the convolutions and matrix products that read half; 0 if there are none."""

    def check(self, precision: Precision) -> None:
        """
        Compare with what was asked for.

        Raises:
            ArtifactError: fp16 was asked for and most products (tensors, where a graph has no
                product) are not half, or fp32 was asked for and any are.

        """
        share = self.half_share_of_products if self.products else self.half_share_of_tensors
        found = ", ".join(self.products or self.tensors)
        if precision == "fp16" and share < 0.5:
            raise ArtifactError(
                f"asked for fp16, but the parsed network computes in {found}: "
                "precision lives in the graph, no builder flag sets it; export the fp16 graph"
            )
        if precision == "fp32" and share > 0:
            raise ArtifactError(
                f"asked for fp32, but the parsed network computes in {found}: "
                "give the fp32 graph, or ask for fp16"
            )
