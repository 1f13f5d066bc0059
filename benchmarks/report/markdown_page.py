"""A report as Markdown: the same words and tables, without plots."""

from ..tables.markdown import markdown
from .content import Report, Section


def markdown_page(report: Report) -> str:
    """Write a report; what a name holds is text there, never a tag."""
    blocks = [f"# {report.title}", *report.machines]
    cards = [f"- {one.label}: **{one.value}** ({one.note})" for one in report.cards]
    doubts = [f"- {one}" for one in report.doubts]
    blocks += ["\n".join(cards)] if cards else []
    blocks += ["## Read with care", "\n".join(doubts)] if doubts else []
    blocks += [f"Not measured: {'; '.join(report.absent)}."] if report.absent else []
    blocks += [block for section in report.sections for block in _blocks(section)]
    return "\n\n".join(blocks).replace("<", "&lt;") + "\n"


def _blocks(section: Section) -> list[str]:
    blocks = [f"## {section.title}", *section.words]
    for table in section.tables:
        blocks += [f"**{table.title}**", markdown(table)]
    return blocks
