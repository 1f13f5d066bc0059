"""What A and B are called."""

from pathlib import Path
from typing import NamedTuple


class Names(NamedTuple):
    """What A and B are called."""

    a: str
    """A file or a bundle."""

    b: str
    """Another."""


def names_of(a: Path, b: Path) -> Names:
    """Take the last parts of both paths, as few as tell them apart; one path has one name."""
    parts_a, parts_b = a.absolute().parts, b.absolute().parts
    for count in range(1, max(len(parts_a), len(parts_b)) + 1):
        short_a, short_b = parts_a[-count:], parts_b[-count:]
        if short_a != short_b:
            return Names("/".join(short_a), "/".join(short_b))
    return Names(a.absolute().name, b.absolute().name)
