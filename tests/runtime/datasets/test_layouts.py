"""One door to four readers."""

from pathlib import Path

import pytest

from clnet.runtime import ConfigError
from clnet.runtime.datasets import open_dataset
from clnet.runtime.datasets.vigor import Vigor


@pytest.mark.parametrize("layout", ["cvusa", "cvact", "university1652"])
@pytest.mark.parametrize("choice", [{"area": "cross"}, {"labels": "corrected"}])
def test_what_only_vigor_has_is_refused_elsewhere(
    tmp_path: Path, layout: str, choice: dict[str, str]
) -> None:
    with pytest.raises(ConfigError, match=f"area and labels are VIGOR's: layout {layout}"):
        open_dataset(tmp_path, layout, **choice)  # type: ignore[arg-type]


def test_vigor_is_opened_by_area_and_labels(tmp_path: Path) -> None:
    dataset = open_dataset(tmp_path, "vigor", area="cross", labels="corrected")

    assert isinstance(dataset, Vigor)
    assert (dataset.area, dataset.labels) == ("cross", "corrected")
