"""The inspector's JSON of TensorRT 10 and 11, with and without details."""

import json
from typing import Any

import pytest

from clnet.runtime.engine.inspector import inspect
from clnet.runtime.errors import ArtifactError

HALF_10 = "Row major linear FP16 format"


def tensor(told: str, version: int = 10, *dimensions: int) -> dict[str, Any]:
    shape = {"Name": "t", "Location": "Device", "Dimensions": list(dimensions or (-1, 8))}
    if version == 10:
        return {**shape, "Format/Datatype": told}
    return {**shape, "Format": "Row major linear", "DataType": told}


def layer(kind: str, read: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    return {"Name": f"the {kind}", "LayerType": kind, "Inputs": [read], "Outputs": [written]}


def told(*layers: Any, bindings: str = "Bindings") -> str:
    return json.dumps({"Layers": list(layers), bindings: []})


@pytest.mark.parametrize(
    ("version", "half", "single"),
    [(10, HALF_10, "Row major linear FP32"), (10, "Half", "Float"), (11, "Half", "Float")],
)
def test_half_and_float_are_told_apart_in_each_version(
    version: int, half: str, single: str
) -> None:
    text = told(
        layer("Reformat", tensor(single, version), tensor(half, version)),
        layer("CaskConvolution", tensor(half, version), tensor(half, version)),
        layer("gemm", tensor(half, version), tensor(half, version)),
        layer("kgen", tensor(half, version), tensor(single, version)),
    )

    found = inspect(text)

    assert found is not None
    assert found.tensors == {"half": 3, "float": 1}
    assert found.bytes_at_batch_1 == {"half": 48, "float": 32}
    assert found.products == {"half": 2}
    assert found.float_layers == ("the kgen",)
    found.check("fp16")


def test_float_products_where_half_was_asked_for_are_an_error() -> None:
    text = told(
        layer("CaskConvolution", tensor("Float"), tensor("Float")),
        layer("kgen", tensor("Float"), tensor("Half")),
    )

    found = inspect(text)

    assert found is not None
    with pytest.raises(ArtifactError, match=r"asked for fp16, but .* computes in float"):
        found.check("fp16")


def test_half_where_float_was_promised_is_an_error() -> None:
    found = inspect(told(layer("gemm", tensor("Half", 11), tensor("Half", 11))))

    assert found is not None
    with pytest.raises(ArtifactError, match=r"asked for fp32, but .* computes in half"):
        found.check("fp32")


@pytest.mark.parametrize(
    "text",
    [
        told("stem + relu", "head"),
        told(),
        told({"Name": "stem"}),
        told({"Outputs": [{"Name": "x"}]}),
    ],
)
def test_names_alone_tell_nothing(text: str) -> None:
    assert inspect(text) is None


def test_a_layer_without_types_beside_typed_ones_still_counts() -> None:
    found = inspect(told("a copy", layer("kgen", tensor("Int32"), tensor("Int64"))))

    assert found is not None
    assert found.layers == 2
    assert found.tensors == {"int64": 1}


@pytest.mark.parametrize("text", ["", "Layer: stem", "[]", '{"Layers": 3}'])
def test_another_answer_is_refused(text: str) -> None:
    with pytest.raises(ArtifactError, match="the engine inspector's answer"):
        inspect(text)
