"""Names as short as tells A and B apart."""

from pathlib import Path

import pytest

from clnet.benchmarks.comparing.names import names_of


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        ("x/a.jsonl", "y/b.jsonl", ("a.jsonl", "b.jsonl")),
        ("x/a.jsonl", "y/a.jsonl", ("x/a.jsonl", "y/a.jsonl")),
        ("p/x/a", "q/x/a", ("p/x/a", "q/x/a")),
        ("x/a", "x/a", ("a", "a")),
    ],
)
def test_names_are_the_last_parts(a: str, b: str, names: tuple[str, str]) -> None:
    assert names_of(Path(a), Path(b)) == names
