"""
CVACT: panoramas and tiles of Canberra, listed by `ACT_data.mat`.

Images of train and val lie in `ANU_data_small/`, those of test in `ANU_data_test/`, each in
`streetview/<id>_grdView.jpg` and `satview_polish/<id>_satView_polish.jpg`. Some are missing from
what is published: every loader leaves such pairs out, and so does this one, counted
(github Skyy93/Sample4Geo, shiyujiao/cross_view_localization_SAFA, Liumouliu/OriCNN).
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ...extras import need_extra
from ..faults import Faults
from ..folders import Folders
from ..paired_task import paired_task
from ..place import Place, Split
from ..task import GalleryRows, Protocol, Task
from .act_data import ActData, read_act_data
from .utm import degrees_of_utm_55_south

NEAR_M = 5.0
"""CVACT_test's wider protocol: a tile at most so far away is right (github Liumouliu/OriCNN)."""

_STRUCTS: dict[Split, str] = {"train": "trainSet", "val": "valSet", "test": "valSetAll"}
_FOLDERS: dict[Split, str] = {
    "train": "ANU_data_small",
    "val": "ANU_data_small",
    "test": "ANU_data_test",
}
_GROUND = ("streetview", "_grdView.jpg")
_SATELLITE = ("satview_polish", "_satView_polish.jpg")


@dataclass(frozen=True, slots=True)
class Cvact:
    """
    CVACT: train, val and test.

    The .mat gives metres of UTM and does not state the zone: it is taken to be 55 south, where
    Canberra lies, with the easting first.
    """

    root: Path
    """Holds `ACT_data.mat`, `ANU_data_small/` and `ANU_data_test/`."""

    faults: Faults
    """What to do with wrong indices and positions; absent images are counted there."""

    held_out: Split = "val"
    """Test is ten times as large."""

    def places(self, split: Split) -> list[Place]:
        """
        Read one split and leave out the pairs that lack an image. No image is opened.

        Returns:
            Places in the order of the indices; of test, by id.

        Raises:
            DataError: `ACT_data.mat` is missing or something else; an index is no row of it, or
                comes twice; a position is not in the zone; no pair has both images.
            ExtraMissing: scipy or pyproj is not installed.

        """
        return self._present(self._read(), split)

    def listed(self, split: Split) -> list[Place]:
        """
        Read one split as `ACT_data.mat` has it, whether or not the images exist.

        Raises:
            DataError: as `places`, but for the images.
            ExtraMissing: as `places`.

        """
        data = self._read()
        return self._places(data, split, self._rows(data, split))

    def tasks(self, split: Split) -> tuple[Task, ...]:
        """
        List the one task: every panorama against every tile of the split.

        Test is counted twice: `exact`, by the panorama's own tile (Sample4Geo), and `within 5 m`,
        by any tile at most 5 m away from it in UTM, 5 m included (OriCNN).

        Raises:
            DataError: as `places`.
            ExtraMissing: as `places`.

        """
        data = self._read()
        places = self._present(data, split)
        task = paired_task(f"CVACT {split}", places)
        if split != "test":
            return (task,)
        row_of = {id_: row for row, id_ in enumerate(data.ids)}
        near = _near(data.utm_m[[row_of[place.id] for place in places]])
        return (replace(task, protocols=(*task.protocols, Protocol("within 5 m", near))),)

    def _read(self) -> ActData:
        return read_act_data(self.root / "ACT_data.mat")

    def _rows(self, data: ActData, split: Split) -> dict[int, str]:
        """Turn indices into rows of `ids`, counted from 0, and where each is listed."""
        rows: dict[int, str] = {}
        listed: dict[str, str] = {}
        for number, index in enumerate(data.indices[_STRUCTS[split]].tolist(), start=1):
            row = f"{data.path.name} {_STRUCTS[split]} index {number}"
            if not 1 <= index <= len(data.ids):
                self.faults.meet(f"{row}: expected 1 to {len(data.ids)}, got {index}")
                continue
            id_ = data.ids[index - 1]
            if id_ in listed:
                self.faults.meet(f"{row}: {id_} stands in {listed[id_]} already")
                continue
            rows[index - 1] = listed[id_] = row
        return rows

    def _present(self, data: ActData, split: Split) -> list[Place]:
        rows, both = self._rows(data, split), self._ids_of_both(split)
        present = {row: where for row, where in rows.items() if data.ids[row] in both}
        self.faults.absent[split] = len(rows) - len(present)
        if split == "test":
            present = self._test_rows(data, both)
        places = self._places(data, split, present)
        if not places:
            raise DataError(
                f"{self.root / _FOLDERS[split]} has both images of none of {len(rows)} places of "
                f"{split}; expected CVACT's layout"
            )
        return places

    def _ids_of_both(self, split: Split) -> set[str]:
        folders, folder = Folders(), self.root / _FOLDERS[split]
        ground, satellite = (
            {name.removesuffix(end) for name in folders.files(folder / below) if name.endswith(end)}
            for below, end in (_GROUND, _SATELLITE)
        )
        return ground & satellite

    def _test_rows(self, data: ActData, both: set[str]) -> dict[int, str]:
        """Take what lies in both folders, by id, as Sample4Geo does."""
        row_of = {id_: row for row, id_ in enumerate(data.ids)}
        for id_ in sorted(both - row_of.keys()):
            self.faults.meet(f"{self.root / _FOLDERS['test']}: {id_} is not in {data.path.name}")
        return {row_of[id_]: f"ANU_data_test {id_}" for id_ in sorted(both & row_of.keys())}

    def _places(self, data: ActData, split: Split, rows: dict[int, str]) -> list[Place]:
        (grounds, ground_end), (tiles, tile_end) = (
            (self.root / _FOLDERS[split] / below, end) for below, end in (_GROUND, _SATELLITE)
        )
        degrees = degrees_of_utm_55_south(data.utm_m[list(rows)])
        places = []
        for (row, where), (latitude, longitude) in zip(rows.items(), degrees.tolist(), strict=True):
            id_ = data.ids[row]
            if math.isnan(latitude):
                came = data.utm_m[row].tolist()
                self.faults.meet(
                    f"{data.path}: utm {row + 1} ({where}): expected easting and northing in "
                    f"metres of zone 55 south, got {came}"
                )
                continue
            images = (grounds / f"{id_}{ground_end}", tiles / f"{id_}{tile_end}")
            position = (latitude, longitude)
            places.append(Place(id_, *images, *position, *position, row=where))
        return places


def _near(utm_m: NDArray[np.float64]) -> GalleryRows:
    """Find the rows at most 5 m away from each row, itself included."""
    need_extra("cvact", "scipy")
    from scipy.spatial import cKDTree

    return GalleryRows.of(cKDTree(utm_m).query_ball_point(utm_m, NEAR_M))
