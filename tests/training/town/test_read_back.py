"""What a town writes, the layout's reader reads whole: every list, every image."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.runtime.datasets import (
    LAYOUTS,
    Area,
    Dataset,
    Faults,
    Layout,
    Split,
    open_dataset,
    sound_places,
    sound_task,
)

WriteTiny = Callable[[Layout, int], Path]

SPLITS: dict[Layout, tuple[Split, ...]] = {
    "cvusa": ("train", "val"),
    "cvact": ("train", "val", "test"),
    "vigor": ("train", "test"),
    "university1652": ("train", "test"),
}


def assert_whole(dataset: Dataset, split: Split, faults: Faults) -> None:
    places = dataset.places(split)

    assert sound_places(places, faults, decode=True) == places
    for task in dataset.tasks(split):
        assert len(sound_task(task, faults, decode=True).queries) == len(task.queries)
    assert not faults.broken
    assert not any(faults.absent.values())


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_split_of_every_layout_is_read_without_a_fault(
    write_tiny: WriteTiny, layout: Layout
) -> None:
    if layout == "cvact":
        for module in ("scipy", "pyproj"):
            pytest.importorskip(module, reason=f"{module} is not installed")
    town = write_tiny(layout, 1)

    for split in SPLITS[layout]:
        faults = Faults()
        assert_whole(open_dataset(town, layout, faults=faults), split, faults)


@pytest.mark.parametrize("area", ["same", "cross"])
def test_vigor_is_read_without_a_fault_by_either_division(vigor_town: Path, area: Area) -> None:
    for split in SPLITS["vigor"]:
        faults = Faults()
        dataset = open_dataset(vigor_town, "vigor", area=area, labels="corrected", faults=faults)
        assert_whole(dataset, split, faults)
