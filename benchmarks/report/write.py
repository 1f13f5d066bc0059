"""Rows to a report on disk."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ...runtime.atomic import file_written_aside
from ...runtime.bundle import Bundle
from ...runtime.extras import need_extra
from ..machine.machine import Machine
from ..records.result import Result
from ..tables.doubts import doubts_of
from .content import Report, Section
from .environment import environment, machine_name
from .markdown_page import markdown_page
from .neural_maps import neural_maps
from .page import page
from .parity import parity
from .sections import absent_subjects, sections_of
from .summary import cards_of

_OF_BUNDLE = ("parity and neural maps (clnet-bench report --bundle BUNDLE)",)


def write_report(
    rows: Sequence[Result],
    out: Path,
    *,
    bundle: Path | None = None,
    markdown: Path | None = None,
) -> None:
    """
    Write rows as one self-contained HTML page, and as Markdown.

    Args:
        rows: at least one, of any kinds and machines. What was not measured is left out and named.
        out: the page.
        bundle: shows its proof of parity and its neural maps.
        markdown: the same without plots.

    Raises:
        ExtraMissing: matplotlib or Jinja2 is not installed (extra `bench`).
        ArtifactError: no usable bundle, or a file cannot be written.

    """
    need_extra("bench", "matplotlib", "jinja2")
    report = report_of(rows, None if bundle is None else Bundle.open(bundle))
    with file_written_aside(out) as aside:
        aside.write_text(page(report), encoding="utf-8")
    if markdown is not None:
        with file_written_aside(markdown) as aside:
            aside.write_text(markdown_page(report), encoding="utf-8")


def report_of(rows: Sequence[Result], bundle: Bundle | None = None) -> Report:
    """
    Put a report together; rows of one machine stand together.

    Args:
        rows: at least one.
        bundle: as `write_report`.

    """
    machines: dict[Machine, list[Result]] = {}
    for row in rows:
        machines.setdefault(row.machine, []).append(row)
    marks = [f"machine {n}: " if len(machines) > 1 else "" for n in range(1, len(machines) + 1)]
    of_machines = list(zip(marks, machines.values(), strict=True))
    networks = dict.fromkeys(name for row in rows if (name := getattr(row, "network", None)))
    return Report(
        title=", ".join(networks) or "clnet-bench",
        machines=tuple(f"{mark}{machine_name(found[0].machine)}" for mark, found in of_machines),
        cards=tuple(
            replace(card, label=f"{mark}{card.label}")
            for mark, found in of_machines
            for card in cards_of(found)
        ),
        doubts=doubts_of(rows),
        absent=(*absent_subjects(rows), *(_OF_BUNDLE if bundle is None else ())),
        sections=(
            *_marked(of_machines, sections_of),
            *((parity(bundle), neural_maps(bundle)) if bundle is not None else ()),
            *_marked(of_machines, environment),
        ),
        rows=len(rows),
    )


def _marked(
    of_machines: Sequence[tuple[str, Sequence[Result]]],
    make: Callable[[Sequence[Result]], tuple[Section, ...]],
) -> tuple[Section, ...]:
    return tuple(
        replace(section, title=f"{mark}{section.title}")
        for mark, found in of_machines
        for section in make(found)
    )
