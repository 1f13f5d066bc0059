"""The flavours of TensorRT: one Python API, two modules."""

from importlib import import_module
from typing import Literal, cast

from ..errors import BackendUnavailable
from .tensorrt_api import TensorRT

Flavour = Literal["tensorrt", "tensorrt-rtx"]

FLAVOURS: tuple[Flavour, Flavour] = ("tensorrt", "tensorrt-rtx")
MODULE: dict[Flavour, str] = {"tensorrt": "tensorrt", "tensorrt-rtx": "tensorrt_rtx"}
EXTRA: dict[Flavour, str] = {"tensorrt": "tensorrt", "tensorrt-rtx": "rtx"}


def import_flavour(flavour: Flavour) -> TensorRT:
    """
    Import a flavour's module.

    Raises:
        BackendUnavailable: it is not installed, or cannot be loaded.

    """
    try:
        return cast(TensorRT, import_module(MODULE[flavour]))
    except ModuleNotFoundError as error:
        if error.name == MODULE[flavour]:
            raise BackendUnavailable(missing(flavour)) from error
        raise BackendUnavailable(f"engine {flavour} cannot be loaded: {error}") from error
    except (ImportError, OSError) as error:
        raise BackendUnavailable(f"engine {flavour} cannot be loaded: {error}") from error


def missing(flavour: Flavour) -> str:
    """Say that a flavour is not installed, and how to get it."""
    jetson = "; a Jetson has JetPack's own, seen from a venv with --system-site-packages"
    return (
        f"engine {flavour}: the module {MODULE[flavour]} is not installed: "
        f"pip install '.[{EXTRA[flavour]}]'{jetson if flavour == 'tensorrt' else ''}"
    )
