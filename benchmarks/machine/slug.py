"""A machine's name for folders, such as `jetson-agx-orin-maxn`."""

import re
import unicodedata

from .machine import Machine

_NOISE = re.compile(
    r"\((r|tm)\)|@ ?[\d.]+ ?ghz|\bnvidia(?= jetson)|\b(developer kit|cpu|processor)\b"
)


def machine_slug(machine: Machine) -> str:
    """
    Name the folder of a machine's rows under benchmarks/results/.

    Returns:
        Lower-case ASCII letters, digits and hyphens: the board, or the processor; its power mode,
        or its cores; and a GPU that is no part of the board. Equal for equal machines, and for
        those that differ in nothing of these. `nameless` where none of these has such a character.

    """
    parts = [machine.board or _without_family(machine.processor), _size(machine)]
    if machine.gpu is not None and machine.board is None:
        parts.append(machine.gpu.name)
    text = unicodedata.normalize("NFKD", " ".join(parts).lower())
    plain = _NOISE.sub(" ", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "nameless"


def _without_family(processor: str) -> str:
    """Drop family and model of a processor whose name holds its number."""
    name = processor.partition(" (family")[0]
    number = re.search(r"\d", _NOISE.sub("", name.lower()))
    return processor if number is None else name


def _size(machine: Machine) -> str:
    if machine.power_mode is None:
        return f"{machine.cores} cores"
    number, _, name = machine.power_mode.partition(" ")
    return name or f"mode {number}"
