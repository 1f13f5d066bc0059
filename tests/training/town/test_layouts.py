"""What holds for a town in every layout."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.runtime.datasets import LAYOUTS, Layout
from clnet.training.town import TownConfig
from clnet.training.town.layouts.by_name import town_layout


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> Layout:
    name: Layout = request.param
    if name == "cvact":
        for module in ("scipy", "pyproj"):
            pytest.importorskip(module, reason=f"{module} is not installed")
    return name


def digest(root: Path) -> dict[str, str]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


@pytest.mark.slow
def test_bytes_are_equal_whatever_the_workers(
    layout: Layout, write_tiny: Callable[[Layout, int], Path]
) -> None:
    assert digest(write_tiny(layout, 1)) == digest(write_tiny(layout, 2))


def test_ids_count_up_without_gaps(layout: Layout, tiny: TownConfig) -> None:
    next_id = 1
    for part in town_layout(layout).assign(tiny):
        assert part.first_id == next_id
        next_id += part.count


def test_no_two_worlds_have_the_same_seeds(layout: Layout, tiny: TownConfig) -> None:
    seeds = [part.seeds for part in town_layout(layout).assign(tiny)]

    assert len(set(seeds)) == len(seeds)
