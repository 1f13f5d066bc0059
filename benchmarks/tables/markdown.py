"""A table in Markdown."""

from .table import Table


def markdown(table: Table) -> str:
    """
    Write a table; its title is left to whoever places it.

    Returns:
        Lines without a newline at the end. `|` in a cell is escaped.

    """
    rule = ["---:" if head.is_number else "---" for head in table.heads]
    lines = [[head.name for head in table.heads], rule, *table.lines]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")
