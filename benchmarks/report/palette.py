"""Colours: one for a backend everywhere, told apart by the colour-blind, on light and on dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour that follows the page's scheme."""

    name: str
    """Of its CSS variable, without dashes."""

    light: str
    """On a light page, as #rrggbb in lower case; no two colours share it. Plots draw with it."""

    dark: str
    """On a dark page."""


PAGE = Colour("page", "#f6f7f9", "#12161b")
CARD = Colour("card", "#ffffff", "#1a2027")
INK = Colour("ink", "#1c2128", "#e6e9ed")
MUTED = Colour("muted", "#59626d", "#a4adb8")
RULE = Colour("rule", "#dfe3e8", "#363d47")
GREY = Colour("grey", "#7c8591", "#8d97a4")
BLUE = Colour("blue", "#1f6fb5", "#6cb2f0")
ORANGE = Colour("orange", "#c65d07", "#f3a257")
GREEN = Colour("green", "#12805c", "#55cc9d")
TEAL = Colour("teal", "#0d8799", "#53c6d6")
PURPLE = Colour("purple", "#87499f", "#cc9de3")

PARTS: tuple[Colour, ...] = (
    Colour("part-1", "#b9d3e6", "#35587a"),
    Colour("part-2", "#84b1d3", "#4d7ba6"),
    Colour("part-3", "#4e86b4", "#72a3cf"),
    Colour("part-4", "#2b5c8a", "#a3c7e8"),
    Colour("part-5", "#17395c", "#d6e7f6"),
    Colour("part-6", "#d9a520", "#e5bd55"),
    Colour("part-7", "#a2593c", "#d08b6f"),
    Colour("part-8", "#a8b0ba", "#68727e"),
)
"""For what makes up a sum, in order; the last one is for the rest."""

COLOURS: tuple[Colour, ...] = (
    PAGE, CARD, INK, MUTED, RULE, GREY, BLUE, ORANGE, GREEN, TEAL, PURPLE, *PARTS,
)  # fmt: skip

_BACKENDS: Mapping[str, Colour] = MappingProxyType(
    {
        "torch": GREY,
        "product": GREY,
        "read": GREY,
        "faiss": PURPLE,
        "cuvs": TEAL,
        "onnxruntime-tensorrt": TEAL,
        "onnxruntime-cuda": PURPLE,
        "onnxruntime": BLUE,
        "clnet_openvino": ORANGE,
        "openvino": ORANGE,
        "tensorrt": GREEN,
        "clnet": BLUE,
    }
)
"""By how a name begins; the first that fits. Yardsticks are grey."""


def colour_of(backend: str) -> Colour:
    """Give a backend's or a matching method's colour; teal to one that nobody foresaw."""
    for begin, colour in _BACKENDS.items():
        if backend.startswith(begin):
            return colour
    return TEAL
