"""docs/benchmarks.md names every kind of row, and fields that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from clnet.benchmarks.records import lines
from clnet.benchmarks.records.result import SCHEMA_VERSION, Result

DOCUMENT = (Path(__file__).parents[3] / "docs" / "benchmarks.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| `([\w ]+)` \| `", re.MULTILINE)


def kinds(model: type[Result] = Result) -> Iterator[type[Result]]:
    """List the models whose rows `lines` reads."""
    for one in model.__subclasses__():
        if one.__module__.startswith(lines.__package__ or ""):
            if "kind" in one.model_fields:
                yield one
            yield from kinds(one)


@pytest.mark.parametrize("model", sorted(kinds(), key=str))
def test_every_kind_is_documented_by_fields_that_it_has(model: type[Result]) -> None:
    documented = dict(ROW.findall(DOCUMENT))

    named = documented[model.model_fields["kind"].default].split()

    assert set(named) <= set(model.model_fields)


def test_the_schema_version_is_the_documented_one() -> None:
    assert f"`schema_version` is {SCHEMA_VERSION} in every row" in DOCUMENT
