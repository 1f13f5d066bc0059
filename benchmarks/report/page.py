"""A report as one HTML page that needs no network."""

from pathlib import Path

from .content import Report
from .palette import COLOURS

_FOLDER = Path(__file__).parent
_LONGEST_OPEN = 24
"""Lines of a table that is not folded away."""


def page(report: Report) -> str:
    """Fill the template; every text is escaped, plots are SVG inside the page."""
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True)
    return templates.get_template("page.html").render(
        report=report,
        colours=COLOURS,
        css=(_FOLDER / "page.css").read_text(),
        longest_open=_LONGEST_OPEN,
    )
