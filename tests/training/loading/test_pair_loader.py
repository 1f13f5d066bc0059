"""Batches are the same however they are prepared, and come in order, in time, or not at all."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ConfigError, DataError
from clnet.runtime.datasets import Place
from clnet.runtime.images import read_image
from clnet.training.augmentation import AugmentationConfig, augment_pair, pair_chance
from clnet.training.loading import Batch, PairLoader, Planned

AUGMENTATION = AugmentationConfig()
SEED = 5


def loader(places: list[Place], small: Any, **changes: Any) -> PairLoader:
    return PairLoader(places, small(), AUGMENTATION, SEED, **changes)


def plan(*batches: list[int], epoch: int = 0) -> list[Planned]:
    return [Planned(step, epoch, np.array(rows)) for step, rows in enumerate(batches)]


def loaded(places: list[Place], small: Any, planned: list[Planned], **changes: Any) -> list[Batch]:
    with loader(places, small, **changes) as opened:
        return list(opened.batches(planned))


def test_a_batch_holds_the_augmented_pairs_as_the_network_takes_them(
    places: list[Place], small: Any
) -> None:
    network = small()

    (batch,) = loaded(places, small, plan([4, 7], epoch=2))

    for at, row in enumerate((4, 7)):
        place = places[row]
        ground, satellite = augment_pair(
            network.ground.fit(read_image(place.ground)),
            network.satellite.fit(read_image(place.satellite)),
            AUGMENTATION,
            pair_chance(SEED, 2, place.id),
        )
        np.testing.assert_array_equal(batch.ground[at], network.ground.tensor(ground[None])[0])
        np.testing.assert_array_equal(
            batch.satellite[at], network.satellite.tensor(satellite[None])[0]
        )


def test_batches_are_float32_and_channels_last(places: list[Place], small: Any) -> None:
    (batch,) = loaded(places, small, plan([0, 1, 2]))

    assert batch.ground.shape == (3, 3, 32, 128)
    assert batch.satellite.shape == (3, 3, 64, 64)
    for images in (batch.ground, batch.satellite):
        assert images.dtype == torch.float32
        assert images.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("changes", [{"threads": 1}, {"threads": 3}, {"cache_mib": 0}])
def test_threads_and_cache_change_no_pixel(
    places: list[Place], small: Any, changes: dict[str, int]
) -> None:
    planned = plan([3, 1, 2, 9, 8], [0, 19, 5, 6, 7])

    usual = loaded(places, small, planned, threads=2)
    other = loaded(places, small, planned, **changes)

    assert [batch.step for batch in other] == [0, 1]
    for one, another in zip(usual, other, strict=True):
        assert torch.equal(one.ground, another.ground)
        assert torch.equal(one.satellite, another.satellite)


def test_a_pair_looks_the_same_in_whatever_batch_it_is(places: list[Place], small: Any) -> None:
    together, alone = loaded(places, small, plan([3, 1, 2], [1]))

    assert torch.equal(together.ground[1], alone.ground[0])


def test_a_pair_looks_different_in_every_epoch(places: list[Place], small: Any) -> None:
    (first,) = loaded(places, small, plan([1, 2, 3]))
    (second,) = loaded(places, small, plan([1, 2, 3], epoch=1))

    assert not torch.equal(first.ground, second.ground)


def test_the_plan_is_taken_up_as_batches_leave(places: list[Place], small: Any) -> None:
    taken = []

    def endless() -> Iterator[Planned]:
        for step in range(10**9):
            taken.append(step)
            yield Planned(step, 0, np.arange(8))

    with loader(places, small) as opened, closing(opened.batches(endless())) as batches:
        assert [next(batches).step for _ in range(3)] == [0, 1, 2]

    assert len(taken) <= 3 + 3


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def test_a_broken_image_is_one_error_that_names_file_row_and_remedy(
    places: list[Place], small: Any
) -> None:
    cut_short(places[7].satellite)

    with pytest.raises(DataError, match=r"train\.csv row 8: .*s7\.png.*; .*--skip-broken"):
        loaded(places, small, plan([1, 2], [6, 7, 8]), cache_mib=0)


def test_a_broken_image_is_found_before_training_where_images_are_kept(
    places: list[Place], small: Any
) -> None:
    places[7].ground.unlink()

    with pytest.raises(DataError, match=r"train\.csv row 8: .*g7\.png"):
        loader(places, small)


def decoding_threads() -> int:
    return sum(thread.name.startswith("clnet-decode") for thread in threading.enumerate())


@pytest.mark.parametrize("broken", [False, True])
def test_no_thread_outlives_a_loader_that_is_closed_early(
    places: list[Place], small: Any, broken: bool
) -> None:
    if broken:
        cut_short(places[9].ground)
    with loader(places, small, cache_mib=0) as opened:
        batches = opened.batches(plan([1, 2], [9, 3], [4, 5]))
        next(batches)
        assert decoding_threads() > 0

    assert decoding_threads() == 0


def test_a_file_that_many_places_share_is_kept_once(places: list[Place], small: Any) -> None:
    tile = places[0].satellite
    shared = [Place(place.id, place.ground, tile) for place in places]

    with loader(shared, small) as opened:
        assert opened.satellite.fitted_bytes == 64 * 64 * 3
        (batch,) = opened.batches(plan(list(range(20))))

    assert len(batch.satellite) == 20


def test_images_that_cannot_be_turned_are_refused(places: list[Place], small: Any) -> None:
    network = small(ground={"view": "ground", "height": 32, "width": 32})
    with pytest.raises(ConfigError, match="rolls a panorama of 360 degrees"):
        PairLoader(places, network, AUGMENTATION, SEED)
