"""Optional dependencies: a command names the extra that it lacks, before it does any work."""

from importlib.util import find_spec

from .errors import ExtraMissing

MODULES = {
    "train": ("torch", "timm", "safetensors", "yaml"),
    "export": ("torch", "timm", "safetensors", "onnx", "onnxscript", "onnxslim", "onnxruntime"),
}
"""What must be importable for an extra's commands, by extra."""


def need_extra(extra: str) -> None:
    """
    Check, without importing anything, that an extra is installed.

    Raises:
        ExtraMissing: names the first missing module and the extra.

    """
    for module in MODULES[extra]:
        if find_spec(module) is None:
            raise ExtraMissing(module, extra)
