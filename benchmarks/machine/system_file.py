"""Files in which a system describes itself: what is not there is not known, and no error."""

from pathlib import Path


def text_of(path: Path) -> str:
    """Read such a file; nothing where it cannot be read."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def number_of(path: Path) -> float | None:
    """Read a file that holds one number; None where it cannot be read, or holds something else."""
    text = text_of(path).strip()
    return float(text) if text.lstrip("-").isdecimal() else None
