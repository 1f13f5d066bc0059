"""What the road is measured in: files of CVUSA's size and a gallery of distinct places."""

from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.stages import surroundings
from clnet.benchmarks.stages.surroundings import Surroundings, write_surroundings
from clnet.runtime.bundle import Bundle
from clnet.runtime.gallery import Gallery
from clnet.runtime.images import read_image

PLACES = 20


@pytest.fixture
def around(searchable: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    monkeypatch.setattr(surroundings, "_COMMIT_ROWS", 8)
    return write_surroundings(searchable, tmp_path, PLACES)


def test_the_gallery_is_of_the_bundles_space_and_every_place_has_a_position(
    around: Surroundings, searchable: Bundle
) -> None:
    gallery = Gallery.open(around.gallery)

    gallery.require_space(searchable.manifest.embedding_space_id)
    latitudes, longitudes = gallery.positions()
    assert len(latitudes) == PLACES
    assert np.isfinite(latitudes).all()
    assert np.isfinite(longitudes).all()


def test_no_two_places_have_one_embedding_whatever_the_commits(around: Surroundings) -> None:
    embeddings = Gallery.open(around.gallery).read().embeddings

    assert len(np.unique(embeddings, axis=0)) == PLACES


def test_files_have_the_sizes_of_cvusas(around: Surroundings) -> None:
    shapes = {
        view: {read_image(path).shape for path in folder.iterdir()}
        for view, folder in around.photographs.items()
    }

    assert shapes == {"ground": {(224, 1232, 3)}, "satellite": {(750, 750, 3)}}
