"""What a matching method shall search, and the names of the methods."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveInt

from ...runtime.artifact import Artifact
from .vectors import VECTORS, Data

Search = Literal["clnet", "clnet_openvino", "clnet_openvino_bf16", "faiss_flat", "cuvs_flat"]
Product = Literal["product_blocks", "product_whole"]
Method = Literal[Search, Product, "read"]

SEARCHES: tuple[Search, ...] = get_args(Search)
"""What finds a top K."""

PRODUCTS: tuple[Product, ...] = get_args(Product)
"""The bare product: in the matcher's blocks, and at once."""

Floats = NDArray[np.float32]

LIMIT = "all"
"""The one part of a method that knows no K."""


class MatchingJob(Artifact):
    """What a method shall search."""

    method: Method
    """How."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N."""

    dim: PositiveInt
    """D."""

    ks: tuple[PositiveInt, ...] = Field(min_length=1)
    """Every K to search for, one after another, in the same process."""

    seed: int
    """Of the vectors."""

    data: Data = "random"
    """Which vectors."""

    threads: PositiveInt
    """Threads of the product."""

    matcher: str
    """Path of matcher.onnx."""

    def vectors(self) -> tuple[Floats, Floats]:
        """Draw the [Q, D] queries and the [N, D] gallery, float32 rows of unit length."""
        return VECTORS[self.data](self.queries, self.gallery, self.dim, self.seed)


def part_of(method: Method, k: int) -> str:
    """Name the part of a method's process that searches for K; products and `read` have one."""
    return f"k{k}" if method in SEARCHES else LIMIT
