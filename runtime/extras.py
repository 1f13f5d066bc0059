"""Optional dependencies: a command names the extra that it lacks, before it does any work."""

from importlib.util import find_spec

from .errors import ExtraMissing

MODULES = {
    "cpu": ("onnxruntime",),
    "cvact": ("scipy", "pyproj"),
    "train": ("torch", "timm", "safetensors", "tensorboard", "yaml"),
    "export": (
        "torch",
        "timm",
        "safetensors",
        "onnx",
        "onnxscript",
        "onnxslim",
        "onnxruntime",
        "scipy",
    ),
    "bench": ("onnx", "onnxruntime"),
    "openvino": ("openvino",),
    "maps": ("rasterio",),
    "scale": ("ray",),
}
"""What must be importable for an extra's commands, by extra."""


def need_extra(extra: str, *modules: str) -> None:
    """
    Check, without importing anything, that an extra is installed.

    Args:
        extra: its name in pyproject.toml.
        modules: what the command needs of it; all of it if none is named.

    Raises:
        ExtraMissing: names the first missing module and the extra.

    """
    for module in modules or MODULES[extra]:
        if not is_installed(module):
            raise ExtraMissing(module, extra)


def is_installed(module: str) -> bool:
    """Tell whether a module could be imported, without importing it."""
    # A stray folder of that name makes a namespace package, which has no origin.
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None
