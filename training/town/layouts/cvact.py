"""CVACT's layout on disk: pictures under street-view ids, and `ACT_data.mat` with the splits."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....runtime.extras import need_extra
from ..assignment import Assignment, held_out_worlds, training_worlds
from ..config import TownConfig
from ..geography import Degrees
from ..survey import Pair, Survey
from .contact_sheet import contact_sheet, shown
from .picture_files import read_picture, write_picture
from .picture_ids import panorama_id

ORIGIN = (-35.2809, 148.9)
"""Latitude and longitude of a town in CVACT's layout: just west of Canberra, in UTM zone 55 south,
whose metres `utm` holds."""

UTM = "EPSG:32755"
SMALL, TEST = "ANU_data_small", "ANU_data_test"
GROUND_FOLDER, SATELLITE_FOLDER = "streetview", "satview_polish"

TWIN_M = 4.5
"""Every second place of the further test worlds lies this close to the one before, at most: near
enough to be right within 5 m, wrong by the exact tile."""

_HEADER_BYTES = 116
"""Free text at the start of a MAT-file (level 5), in which scipy writes the time of day."""


@dataclass(frozen=True, slots=True)
class PlacesTaken:
    """What the lists need of one world: ids in order, and where the panoramas stand."""

    ids: tuple[int, ...]
    degrees: tuple[Degrees, ...]


class CvactLayout:
    """
    Training places, then val places, then as many again in further worlds.

    The test (`valSetAll`) holds val and the further places, and lies whole in its own folder: so
    do CVACT's 92,802 test places, of 128,334 with the 35,532 training ones.
    """

    def assign(self, config: TownConfig) -> list[Assignment]:
        """Ids count up through the training worlds, val's, and the test's further ones."""
        need_extra("cvact", "scipy", "pyproj")
        training = training_worlds(config, ORIGIN)
        val = held_out_worlds(config, ORIGIN, first_id=config.places + 1)
        further = held_out_worlds(
            config,
            ORIGIN,
            first_id=config.places + config.test_places + 1,
            first_number=len(val),
            twin_m=TWIN_M,
        )
        return training + val + further

    def make_folders(self, root: Path) -> None:
        """Create the folders under `root`."""
        for part in (SMALL, TEST):
            for view in (GROUND_FOLDER, SATELLITE_FOLDER):
                (root / part / view).mkdir(parents=True)

    def write_world(self, root: Path, survey: Survey) -> PlacesTaken:
        """Write the two views of each place as JPEG, val's into both folders."""
        pairs = []
        for pair in survey.pairs():
            for part in _parts(survey.config, pair.id):
                _write_pair(root / part, pair, survey.config)
            pairs.append((pair.id, pair.ground_degrees))
        ids, degrees = zip(*pairs, strict=True)
        return PlacesTaken(ids, degrees)

    def write_lists(self, root: Path, config: TownConfig, rows: Sequence[PlacesTaken]) -> None:
        """Write `ACT_data.mat`, places sorted by name, so that indices are no mere count."""
        named = sorted(
            (panorama_id(config.seed, id_), id_, degrees)
            for row in rows
            for id_, degrees in zip(row.ids, row.degrees, strict=True)
        )
        ids = np.array([id_ for _, id_, _ in named])
        test = ids > config.places
        val = test & (ids <= config.places + config.test_places)
        contents = {
            "panoIds": np.array([name for name, _, _ in named]),
            "utm": utm_m([degrees for _, _, degrees in named]),
            "trainSet": {"trainInd": _indices(~test)},
            "valSet": {"valInd": _indices(val)},
            "valSetAll": {"valInd": _indices(test)},
        }
        (root / "ACT_data.mat").write_bytes(_mat_file(contents))

    def sheet(
        self, root: Path, config: TownConfig, rows: Sequence[PlacesTaken]
    ) -> NDArray[np.uint8]:
        """Show pairs of all splits."""
        pairs = []
        for index in shown(config.places + 2 * config.test_places):
            folder = root / _parts(config, index + 1)[0]
            ground, satellite = _names(config, index + 1)
            pairs.append(([read_picture(folder / satellite)], read_picture(folder / ground)))
        return contact_sheet(pairs, config.vertical_view_deg)

    def summary(self, config: TownConfig, rows: Sequence[PlacesTaken]) -> str:
        """Say how many places each split has."""
        val = config.test_places
        return f"{config.places} training, {val} val and {2 * val} test places (val among them)"


def utm_m(places: list[Degrees]) -> NDArray[np.float64]:
    """Easting and northing of places in UTM zone 55 south: [N, 2] float64 metres."""
    from pyproj import Transformer

    latitudes, longitudes = np.array(places, np.float64).reshape(-1, 2).T
    to_utm = Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
    metres: NDArray[np.float64] = np.stack(to_utm.transform(longitudes, latitudes), axis=1)
    return metres


def _parts(config: TownConfig, id_: int) -> tuple[str, ...]:
    if id_ <= config.places:
        return (SMALL,)
    return (SMALL, TEST) if id_ <= config.places + config.test_places else (TEST,)


def _names(config: TownConfig, id_: int) -> tuple[str, str]:
    name = panorama_id(config.seed, id_)
    ground = f"{GROUND_FOLDER}/{name}_grdView.jpg"
    return ground, f"{SATELLITE_FOLDER}/{name}_satView_polish.jpg"


def _write_pair(folder: Path, pair: Pair, config: TownConfig) -> None:
    ground, satellite = _names(config, pair.id)
    write_picture(folder / ground, pair.ground, config.jpeg_quality)
    write_picture(folder / satellite, pair.satellite, config.jpeg_quality)


def _indices(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[n, 1] float64 numbers of the chosen rows, counted from 1 as MATLAB does."""
    return (np.flatnonzero(chosen)[:, None] + 1).astype(np.float64)


def _mat_file(contents: dict[str, Any]) -> bytes:
    from scipy.io import savemat

    buffer = io.BytesIO()
    savemat(buffer, contents)
    text = b"MATLAB 5.0 MAT-file, a procedural town".ljust(_HEADER_BYTES)
    return text + buffer.getvalue()[_HEADER_BYTES:]
