"""The row of `clnet-bench matching`: how long one method takes for the top K of all queries."""

from typing import Literal

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from .result import TimedResult


class MatchingResult(TimedResult):
    """How long one method takes for the top K of all queries."""

    kind: Literal["matching"] = "matching"
    """Which table the row belongs to."""

    method: str
    """What searched: `clnet` by ONNX Runtime, `clnet_openvino` in FP32, `clnet_openvino_bf16` with
    its proved scan; `faiss_flat`; `cuvs_flat` on a GPU, which holds the gallery. `product_…` is the
    bare product without any top K; `read` reads the gallery."""

    blas_coretype: str
    """OPENBLAS_CORETYPE of the method's process, chosen as its fastest; `unset`; or
    `not used` where the method has kernels of its own."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N, rows."""

    dim: PositiveInt
    """D."""

    k: PositiveInt
    """K of the search; a bare product and a read have none and are repeated as they stand."""

    seed: NonNegativeInt
    """Of the vectors."""

    data: str
    """Which vectors: see `vectors.Data`."""

    median_ms: NonNegativeFloat
    """Median of the runs, each for all queries."""

    gflops: NonNegativeFloat
    """2 Q N D by the median: the product's arithmetic, 10^9 a second."""

    ratio_to_faiss_flat: NonNegativeFloat | None
    """How many times as fast as FAISS IndexFlatIP: median of the rounds' ratios."""

    ratio_to_product: NonNegativeFloat
    """Time of the best bare product by this method's: median of the rounds' ratios."""

    ratio_to_read: NonNegativeFloat | None
    """Time of this method by the time to read the gallery's bytes once with all threads: median
    of the rounds' ratios. Where there are many queries, the product is the nearer limit."""

    peak_above_inputs_mib: float | None
    """The most memory that the method's process held on the host beyond its queries and its
    gallery, while it searched for every K of the run; the interpreter and the libraries are in it.
    None where the system does not tell."""

    peak_device_mib: NonNegativeFloat | None = None
    """The most memory that it held on the GPU, the gallery included; None of a method that uses
    none, or where the driver does not tell."""

    identical_to_reference: bool | None
    """Whether all Q x K ids equal the float64 reference, ties in gallery order (which FAISS does
    not promise); None where there are no ids."""
