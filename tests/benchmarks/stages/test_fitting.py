"""The steps from a file to the network's input really do what they are timed for."""

from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.stages.fitting import Fitting, items_in
from clnet.benchmarks.subjects.photographs import photograph, write_photographs
from clnet.runtime.preprocess import Preprocess

WIDTH, HEIGHT = 96, 40


@pytest.fixture
def fitting(tmp_path: Path) -> Fitting:
    write_photographs(tmp_path / "files", 2, WIDTH, HEIGHT)
    preprocess = Preprocess(view="ground", height=8, width=24)
    return Fitting(preprocess, items_in(tmp_path / "files"))


def test_decoding_gives_the_pixels_that_were_written(fitting: Fitting) -> None:
    fitting.decode()

    drawn = photograph(WIDTH, HEIGHT, seed=0)[..., ::-1].astype(float)
    assert fitting.pixels.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(fitting.pixels - drawn).mean() < 16


def test_each_decoding_takes_the_next_file_and_after_the_last_the_first(fitting: Fitting) -> None:
    seen = []
    for _ in range(3):
        fitting.decode()
        seen.append(fitting.item.id)

    assert seen == ["00000", "00001", "00000"]


def test_preprocessing_gives_the_networks_size_from_what_was_decoded(fitting: Fitting) -> None:
    fitting.decode()
    fitting.preprocess()

    preprocess = Preprocess(view="ground", height=8, width=24)
    np.testing.assert_array_equal(fitting.fitted, preprocess.fit(fitting.pixels))
