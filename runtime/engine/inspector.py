"""
What a finished engine computes in, as TensorRT's own inspector tells it. Needs a driver.

10.x writes a tensor's type as `Format/Datatype` ("Half", or "Row major linear FP16 format"), 11 as
`DataType` beside `Format` (NVIDIA, "Migrating IEngineInspector Usage from 10.x to 11.x"). Types are
told only where the engine was built with ProfilingVerbosity.DETAILED.
"""

import json
import re
from typing import Any

from ..errors import ArtifactError
from .certificate import Certificate
from .tally import Tally, Written

_WORDS = {
    "float": r"\b(fp32|float|float32)\b",
    "half": r"\b(fp16|half|float16)\b",
    "bf16": r"\b(bf16|bfloat16)\b",
    "fp8": r"\b(fp8)\b",
    "int8": r"\b(int8)\b",
    "uint8": r"\b(uint8)\b",
    "int32": r"\b(int32)\b",
    "int64": r"\b(int64)\b",
    "bool": r"\b(bool)\b",
}
_PRODUCT = re.compile("conv|gemm|matrix|matmul|einsum", re.IGNORECASE)


def inspect(text: str) -> Certificate | None:
    """
    Read the inspector's JSON.

    Args:
        text: `get_engine_information(JSON)` of any version.

    Returns:
        What the layers read and write; None if the engine tells names alone.

    Raises:
        ArtifactError: the text is no such JSON.

    """
    layers = _layers(text)
    told = [layer for layer in layers if isinstance(layer, dict) and _types(layer, "Outputs")]
    if not told:
        return None
    tally = Tally(layers=len(layers) - len(told))
    for layer in told:
        read = _types(layer, "Inputs")
        kind = f"{layer.get('LayerType')} {layer.get('ParameterType')}"
        product_of = read[0][0] if read and _PRODUCT.search(kind) else None
        tally.add(str(layer.get("Name", "")), _types(layer, "Outputs"), product_of)
    return tally.certificate()


def _layers(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ArtifactError(f"the engine inspector's answer is no JSON: {error}") from error
    layers = found.get("Layers") if isinstance(found, dict) else None
    if not isinstance(layers, list):
        raise ArtifactError("the engine inspector's answer lists no Layers")
    return layers


def _types(layer: dict[str, Any], side: str) -> list[Written]:
    found: list[Written] = []
    for tensor in layer.get(side) or []:
        if not isinstance(tensor, dict):
            continue
        told = tensor.get("DataType") or tensor.get("Format/Datatype") or ""
        dtype = _dtype(str(told))
        if dtype is not None:
            found.append((dtype, tuple(tensor.get("Dimensions") or ())))
    return found


def _dtype(told: str) -> str | None:
    text = told.lower()
    return next((name for name, words in _WORDS.items() if re.search(words, text)), None)
