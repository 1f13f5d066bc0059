"""What this machine can run engines on."""

import platform
import re
from dataclasses import dataclass, field

from ..errors import BackendUnavailable
from . import gpu
from .flavour import Flavour, import_flavour


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine, with the answers an engine's record is compared with."""

    system: str
    """Operating system and processor: "Linux x86_64"."""

    capability: str | None
    """The GPU's compute capability, as "8.6"; None where there is none."""

    versions: dict[Flavour, str] = field(default_factory=dict)
    """Version of each flavour that can be imported."""

    missing: dict[Flavour, str] = field(default_factory=dict)
    """Why each of the others cannot, with the remedy."""


def this_machine(flavours: set[Flavour]) -> Machine:
    """
    Look at this machine. Nothing missing is an error here: the engines' reasons tell it.

    Args:
        flavours: those to ask for; importing TensorRT takes a second.

    """
    versions: dict[Flavour, str] = {}
    missing: dict[Flavour, str] = {}
    for flavour in sorted(flavours):
        try:
            versions[flavour] = str(import_flavour(flavour).__version__)
        except BackendUnavailable as error:
            missing[flavour] = re.sub("^engine [a-z-]+:? ", "", str(error))
    return Machine(
        system=system_name(),
        capability=_capability(),
        versions=versions,
        missing=missing,
    )


def system_name() -> str:
    """Name operating system and processor, as records of engines do: "Linux x86_64"."""
    return f"{platform.system()} {platform.machine()}"


def _capability() -> str | None:
    try:
        return gpu.compute_capability()
    except BackendUnavailable:
        return None
