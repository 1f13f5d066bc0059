"""Scan the gallery with a bundle's `matcher.onnx` on the CPU, by OpenVINO, in FP32 or bfloat16."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BackendUnavailable
from ..openvino_core import compile_for_cpu, open_core, read_graph
from .host_scanner import HostScanner
from .rounding import BF16, FP32, Rounding, ScanChoice, ScanPrecision
from .rounding_trial import excess
from .scanner import Floats, Scan, check_matcher
from .sieve import Sifted, sift

if TYPE_CHECKING:
    import openvino

GALLERY_ROWS = 4096
"""Gallery rows in one run."""

QUERY_ROWS = 1024
"""Queries in one run: with the gallery's rows, 16 MiB of scores, which stay in a large cache."""

_ROUNDINGS: dict[ScanPrecision, Rounding] = {"fp32": FP32, "bf16": BF16}


class OpenVinoScanner(HostScanner):
    """
    Scans with a matcher that is cut in two. Implements `Scanner` and `Sieve`.

    OpenVINO would round the scores of a bfloat16 product, too, on their way to the top K. So the
    product is a model of its own, whose result is FP32, and the top K is another, always in FP32.
    """

    gallery_rows = GALLERY_ROWS
    query_rows = QUERY_ROWS

    def __init__(
        self, graph: Path, *, precision: ScanPrecision = "fp32", threads: int | None = None
    ) -> None:
        """
        Load the graph and prove what its product runs in.

        Args:
            graph: what `export.matcher_graph.write_matcher` wrote.
            precision: what the product takes its inputs in; it adds in FP32.
            threads: threads of the product; None takes the cores this process may use.

        Raises:
            ExtraMissing: openvino is not installed.
            BackendUnavailable: the processor has no bfloat16, or the product that OpenVINO made
                does not keep the bound of this precision.
            ArtifactError: the file is no matcher.

        """
        super().__init__(threads)
        self.rounding = _ROUNDINGS[precision]
        core = open_core()
        product, top = _halves(graph, read_graph(graph))
        self.embedding_dim = product.input("queries").get_partial_shape()[1].get_length()
        compiled = compile_for_cpu(core, product, precision, threads=threads)
        self._product = compiled.create_infer_request()
        self._top = compile_for_cpu(core, top, "fp32", threads=threads).create_infer_request()
        self._nothing = _tensor(np.empty((0, self.embedding_dim), np.float32))
        self._prove(graph, compiled)

    def _scan(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        self._top.set_tensor("product", self._multiply(queries, chunk))
        self._top.set_tensor("k", _tensor(np.array([k], np.int64)))
        self._top.infer()
        scores, rows, probe = (self._top.get_output_tensor(at).data for at in range(3))
        return Scan(scores, rows, float(probe[0]))

    def sift(self, queries: Floats, chunk: Floats, reach: Floats, most: int) -> Sifted:
        """See `Sieve`."""
        return sift(self._multiply(queries, chunk).data, reach, most, self._pool)

    def _multiply(self, queries: Floats, chunk: Floats) -> "openvino.Tensor":
        self._product.set_tensor("queries", _tensor(queries))
        self._product.set_tensor("gallery", _tensor(chunk))
        self._product.infer()
        self._product.set_tensor("gallery", self._nothing)  # else it would keep the rows in memory
        return self._product.get_output_tensor(0)

    def _prove(self, graph: Path, compiled: "openvino.CompiledModel") -> None:
        """Refuse a product whose results are rounded, by its layers and by a trial."""
        precision = self.rounding.precision
        results = result_precisions(compiled)
        if results != {"f32"}:
            raise BackendUnavailable(
                f"{graph}: expected results of the openvino {precision} product in f32, OpenVINO "
                f"gives {', '.join(sorted(results))}; take the backend onnxruntime"
            )
        found = excess(self.rounding, lambda q, g: self._multiply(q, g).data, self.embedding_dim)
        if not found <= 1:
            raise BackendUnavailable(
                f"{graph}: the openvino {precision} product errs by {found:.3g} times the bound "
                "that exact results rely on; take the backend onnxruntime"
            )


def open_scanners(
    graph: Path, scan: ScanChoice = "auto", threads: int | None = None
) -> tuple[OpenVinoScanner, OpenVinoScanner]:
    """
    Open what a matcher takes: a scanner in FP32 and a sieve, in bfloat16 or the scanner itself.

    Args:
        graph: the bundle's `matcher.onnx`.
        scan: "auto" sifts in bfloat16 where the processor has it and it keeps its bound.
        threads: threads of the product; None takes the cores this process may use.

    Raises:
        ExtraMissing, BackendUnavailable, ArtifactError: as `OpenVinoScanner`.

    """
    scanner = OpenVinoScanner(graph, threads=threads)
    if scan == "fp32":
        return scanner, scanner
    try:
        return scanner, OpenVinoScanner(graph, precision="bf16", threads=threads)
    except BackendUnavailable:
        if scan == "bf16":
            raise
        return scanner, scanner


def _halves(graph: Path, model: "openvino.Model") -> tuple["openvino.Model", "openvino.Model"]:
    """Cut a matcher behind its product: queries, gallery -> product, k -> scores, rows, probe."""
    import openvino
    from openvino import opset13

    inputs = {value.any_name: value.get_node() for value in model.inputs}
    check_matcher(graph, list(inputs), [value.any_name for value in model.outputs])
    top = next(op for op in model.get_ops() if op.get_type_name() == "TopK")
    product = top.input_value(0)
    scores = opset13.parameter([-1, -1], openvino.Type.f32, name="product")
    scores.output(0).set_names({"product"})
    for user in product.get_target_inputs():
        user.replace_source_output(scores.output(0))
    first = openvino.Model([product], [inputs["queries"], inputs["gallery"]], "product")
    return first, openvino.Model(model.get_results(), [scores, inputs["k"]], "top")


def result_precisions(compiled: "openvino.CompiledModel") -> set[str]:
    """Tell what the products of a compiled model write: f32, bf16, ..."""
    layers = [op.get_rt_info() for op in compiled.get_runtime_model().get_ops()]
    return {
        layer["outputPrecisions"].astype(str)
        for layer in layers
        if layer["layerType"].astype(str) in ("MatMul", "FullyConnected")
    }


def _tensor(array: NDArray[Any]) -> "openvino.Tensor":
    import openvino

    return openvino.Tensor(array, shared_memory=True)
