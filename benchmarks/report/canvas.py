"""A plot as SVG for a page: matplotlib draws, nothing of its global state changes for good."""

import hashlib
import re
import warnings
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from .palette import COLOURS, INK, MUTED, RULE

if TYPE_CHECKING:  # matplotlib is of the extra `bench`, and slow to load
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 4.5
"""One column of a page; on a telephone it is drawn at about this size."""

FONT_PT = 11.0

_LEFT_IN, _RIGHT_IN, _FOOT_IN = 0.08, 0.18, 0.5
_LINE = 51
"""Characters across a plot."""

_SHORTEST = 12

_STYLE: Any = {  # matplotlib's type for it differs by version
    "axes.edgecolor": RULE.light,
    "axes.labelcolor": MUTED.light,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_PT,
    "grid.color": RULE.light,
    "svg.fonttype": "none",
    "svg.hashsalt": "clnet",
    "text.color": INK.light,
    "text.parse_math": False,
    "xtick.color": RULE.light,
    "xtick.labelcolor": MUTED.light,
    "ytick.left": False,
    "ytick.labelleft": False,
}

_SVG = re.compile(r"<svg [^>]*?viewBox=\"([^\"]*)\".*?>(.*)</svg>", re.DOTALL)
_DROPPED = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_REFERENCE = re.compile(r"(\bid=\"|href=\"#|url\(#)")
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_VARIABLES = {one.light: f"var(--{one.name},{one.light})" for one in COLOURS}


def plot(height_in: float, draw: "Callable[[Axes], None]") -> str:
    """
    Draw a plot with an axis at its foot.

    Args:
        height_in: above the axis.
        draw: draws on axes without a y axis.

    Returns:
        An SVG element as `drawing` gives it.

    """

    def draw_on(figure: "Figure") -> None:
        height = height_in + _FOOT_IN
        axes = figure.add_axes(
            (
                _LEFT_IN / WIDTH_IN,
                _FOOT_IN / height,
                1 - (_LEFT_IN + _RIGHT_IN) / WIDTH_IN,
                height_in / height,
            )
        )
        axes.grid(axis="x", linewidth=0.8)
        axes.set_axisbelow(True)
        draw(axes)

    return drawing(height_in + _FOOT_IN, draw_on)


def drawing(height_in: float, draw: "Callable[[Figure], None]") -> str:
    """
    Draw a figure as an SVG element whose colours are the page's variables.

    Args:
        height_in: of the figure, `WIDTH_IN` wide.
        draw: draws on an empty figure.

    Returns:
        `<svg viewBox=…>…</svg>`, as wide as the page lets it be. Texts are escaped.

    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE), warnings.catch_warnings():
        # A browser has the glyphs that the measuring font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(WIDTH_IN, height_in))
        draw(figure)
        stream = StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _for_a_page(stream.getvalue())


def label(text: str, beside: str = "") -> str:
    """Make text that a plot's width has room for: one line, printable, cut where it must be."""
    line = "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
    room = max(_LINE - len(beside), _SHORTEST)
    return line if len(line) <= room else f"{line[: room - 1]}…"


def _for_a_page(text: str) -> str:
    found = _SVG.search(_DROPPED.sub("", text))
    assert found is not None, "matplotlib writes one svg element"
    own = hashlib.sha256(text.encode()).hexdigest()[:10]
    body = _REFERENCE.sub(rf"\g<1>p{own}-", found[2])
    body = _HEX.sub(lambda one: _VARIABLES.get(one[0], one[0]), body)
    body = "\n".join(line.strip() for line in body.splitlines() if line.strip())
    return f'<svg viewBox="{found[1]}" aria-hidden="true" focusable="false">{body}</svg>'
