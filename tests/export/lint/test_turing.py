"""What TensorRT-RTX refuses for Turing, asked of its own compiler: the rule must say the same."""

import io
from typing import Any

import onnx
import pytest

from clnet.engines.log import Log
from clnet.export.lint.capability import PRODUCTS
from clnet.runtime.engine import MAX_K

trt: Any = pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install '.[rtx]'")
pytestmark = pytest.mark.slow

RECURRENT = "(float[2, 1, 8] x, float[1, {w}, 8] w, float[1, {w}, 8] r) => (float[2, 1, 1, 8] y)"
GRAPHS = {
    "MatMul": "(float[4, 8] x, float[8, 8] w) => (float[4, 8] y) { y = MatMul(x, w) }",
    "Gemm": "(float[4, 8] x, float[8, 8] w) => (float[4, 8] y) { y = Gemm(x, w) }",
    "Einsum": """(float[4, 8] x, float[8, 8] w) => (float[4, 8] y)
        { y = Einsum<equation = "ab,bc->ac">(x, w) }""",
    "LSTM": RECURRENT.format(w=32) + " { y = LSTM<hidden_size = 8>(x, w, r) }",
    "GRU": RECURRENT.format(w=24) + " { y = GRU<hidden_size = 8>(x, w, r) }",
    "RNN": RECURRENT.format(w=8) + " { y = RNN<hidden_size = 8>(x, w, r) }",
}
CONV = "(float[1, 8, 4, 4] x, float[8, 8, 3, 3] w) => (float[1, 8, 2, 2] y) { y = Conv(x, w) }"
TOP_K = """(float[1, 5000] x) => (float[1, {k}] v, int64[1, {k}] i) <int64[1] k = {{{k}}}>
    {{ v, i = TopK(x, k) }}"""


def compiles(graph: str, capability: str) -> bool:
    model = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["" : 20]> g {graph}')
    log = Log(trt, io.StringIO())
    builder = trt.Builder(log.logger)
    network = builder.create_network(0)
    parser = trt.OnnxParser(network, log.logger)
    assert parser.parse(model.SerializeToString()), log.text()
    options = builder.create_builder_config()
    options.num_compute_capabilities = 1
    options.set_compute_capability(getattr(trt.ComputeCapability, capability), 0)
    return builder.build_serialized_network(network, options) is not None


def test_the_rule_names_the_operators_tried_here() -> None:
    assert set(PRODUCTS) == set(GRAPHS)


@pytest.mark.parametrize("operator", GRAPHS)
def test_a_product_in_fp32_is_refused_for_turing_alone(operator: str) -> None:
    assert not compiles(GRAPHS[operator], "SM75")
    assert compiles(GRAPHS[operator], "SM80")


def test_a_convolution_in_fp32_is_compiled_for_turing() -> None:
    assert compiles(CONV, "SM75")


def test_top_k_is_refused_beyond_the_limit() -> None:
    assert compiles(TOP_K.format(k=MAX_K), "SM89")
    assert not compiles(TOP_K.format(k=MAX_K + 1), "SM89")
