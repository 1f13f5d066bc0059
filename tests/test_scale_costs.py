"""docs/scale.md holds what examples/scale_costs.py computes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "examples" / "scale_costs.py"


def tables(*options: str) -> list[str]:
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().split("\n\n")


def test_the_document_holds_the_computed_tables() -> None:
    document = (ROOT / "docs" / "scale.md").read_text()

    stale = [table for table in tables() if table not in document]

    assert stale == [], "paste the output of examples/scale_costs.py into docs/scale.md"


def test_a_square_kilometre_without_overlap_takes_a_tile_a_square() -> None:
    rows = tables("--tile-m", "100", "--overlap", "0", "--images-per-s-core", "1")[1]
    city = next(line for line in rows.splitlines() if "city" in line)

    # 200 km² are 20,000 squares of 100 m, of a second each: 5.6 hours
    assert [cell.strip() for cell in city.split("|")[3:6]] == ["20 thousand", "42 MB", "5.6"]


@pytest.mark.parametrize("overlap", ["1", "-0.1"])
def test_an_overlap_that_never_ends_is_refused(overlap: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        tables("--overlap", overlap)
