"""What an engine is built for: which TensorRT, and which GPUs."""

import re
from typing import Literal

from ..runtime.engine.flavour import FLAVOURS, MODULE, Flavour, missing
from ..runtime.errors import BackendUnavailable, ConfigError
from ..runtime.extras import is_installed

EngineChoice = Literal["auto", "none", "tensorrt", "tensorrt-rtx"]


def installed_flavours() -> tuple[Flavour, ...]:
    """List the flavours whose Python module is here, without importing any."""
    return tuple(flavour for flavour in FLAVOURS if is_installed(MODULE[flavour]))


def resolve_engine(choice: EngineChoice) -> Flavour | None:
    """
    Settle which flavour to build for.

    Args:
        choice: "auto" takes the one that is installed, "none" builds nothing.

    Returns:
        The flavour, or None for "none".

    Raises:
        BackendUnavailable: the flavour, or for "auto" any flavour, is not installed.
        ConfigError: "auto" where both are installed, or an unknown word.

    """
    if choice == "none":
        return None
    if choice not in ("auto", *FLAVOURS):
        known = ", ".join(("auto", "none", *FLAVOURS))
        raise ConfigError(f"engine: expected one of {known}; got {choice!r}")
    installed = installed_flavours()
    if choice != "auto":
        if choice not in installed:
            raise BackendUnavailable(missing(choice))
        return choice
    if not installed:
        raise BackendUnavailable(
            "engine auto: neither tensorrt nor tensorrt_rtx is installed. Install one "
            "(pip install '.[rtx]' or '.[tensorrt]'; a Jetson has JetPack's own), "
            "or, in clnet-export, go without engines: --engine none"
        )
    if len(installed) > 1:
        raise ConfigError(
            "engine auto: both flavours are installed; name one: --engine tensorrt "
            "or --engine tensorrt-rtx"
        )
    return installed[0]


def require_engine(choice: EngineChoice) -> Flavour:
    """
    Settle the flavour for a command that builds in any case.

    Raises:
        BackendUnavailable: as `resolve_engine`.
        ConfigError: as `resolve_engine`, and for "none".

    """
    flavour = resolve_engine(choice)
    if flavour is None:
        raise ConfigError("engine none: nothing to build; name a flavour or leave it at auto")
    return flavour


def capability_of(name: str) -> str:
    """Turn NVIDIA's enum name into the usual one: "SM86" to "8.6", "SM120" to "12.0"."""
    digits = name.removeprefix("SM")
    return f"{digits[:-1]}.{digits[-1]}"


def enum_name_of(capability: str) -> str:
    """Turn a capability into NVIDIA's enum name: "8.6" to "SM86"."""
    return "SM" + capability.replace(".", "")


def parse_capabilities(text: str) -> tuple[str, ...]:
    """
    Read a comma-separated list such as "8.6,8.9".

    Raises:
        ConfigError: an entry is not MAJOR.MINOR.

    """
    entries = tuple(entry.strip() for entry in text.split(","))
    for entry in entries:
        if not re.fullmatch(r"\d{1,2}\.\d", entry):
            raise ConfigError(f"compute capability: expected e.g. 8.6,8.9; got {text!r}")
    return entries


def choose_capabilities(asked: tuple[str, ...] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """
    Settle the capabilities to try, in ascending order.

    Args:
        asked: None takes all of `known`.
        known: what the flavour can build for here.

    Raises:
        ConfigError: one that is not among `known`, or none at all.

    """
    if asked is None:
        return known
    unknown = [capability for capability in asked if capability not in known]
    if unknown or not asked:
        raise ConfigError(
            f"compute capability {', '.join(unknown) or '(none)'}: this TensorRT builds for "
            f"{', '.join(known)} here"
        )
    return tuple(capability for capability in known if capability in asked)
