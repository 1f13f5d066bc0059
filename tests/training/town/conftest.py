"""Towns of a few small pictures, one in each layout."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from clnet.runtime.datasets import Layout
from clnet.training.town import TownConfig, write_town

TINY = TownConfig(
    places=9,
    test_places=6,
    seed=5,
    world_side_m=192.0,
    cell_m=0.5,
    places_per_world=6,
    test_places_per_world=4,
    panorama_height=8,
    panorama_width=32,
    tile_size=16,
)

WriteTiny = Callable[[Layout, int], Path]


@pytest.fixture(scope="session")
def tiny() -> TownConfig:
    """What the tiny towns are made from."""
    return TINY


@pytest.fixture(scope="session")
def write_tiny(tmp_path_factory: pytest.TempPathFactory) -> WriteTiny:
    """Write a tiny town in a layout, by a number of processes; each is written once."""

    @cache
    def write(layout: Layout, workers: int) -> Path:
        out = tmp_path_factory.mktemp(layout) / "town"
        write_town(TINY, out, layout=layout, workers=workers)
        return out

    return write


@pytest.fixture(scope="session")
def cvact_town(write_tiny: WriteTiny) -> Path:
    """A tiny town in CVACT's layout."""
    for module in ("scipy", "pyproj"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    return write_tiny("cvact", 1)


@pytest.fixture(scope="session")
def vigor_town(write_tiny: WriteTiny) -> Path:
    """A tiny town in VIGOR's layout."""
    return write_tiny("vigor", 1)
