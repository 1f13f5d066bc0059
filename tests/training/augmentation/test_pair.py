"""What happens to a pair is decided by config, seed, epoch and id alone."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.training.augmentation import AugmentationConfig, augment_pair, pair_chance
from clnet.training.augmentation.colours import LUMA, jitter
from clnet.training.augmentation.compression import encode_again
from clnet.training.augmentation.dropout import drop_squares
from clnet.training.augmentation.sharpness import change_sharpness

Image = NDArray[np.uint8]

NOTHING = {
    f"{name}_probability": 0.0
    for name in ("rotate", "flip", "jitter", "sharpness", "dropout", "jpeg")
}
NO_COLOURS = {name: 0.0 for name in ("brightness", "contrast", "saturation", "hue", "tint")}


def only(change: str, **strength: Any) -> AugmentationConfig:
    return AugmentationConfig(**{**NOTHING, f"{change}_probability": 1.0, **strength})


def pictures() -> tuple[Image, Image]:
    """A panorama and a tile of smooth random colours."""
    random = np.random.default_rng(0)
    ground = np.repeat(np.repeat(random.integers(40, 215, (4, 16, 3), np.uint8), 8, 0), 8, 1)
    tile = np.repeat(np.repeat(random.integers(40, 215, (8, 8, 3), np.uint8), 8, 0), 8, 1)
    return ground, tile


def augmented(config: AugmentationConfig, place: str = "7", epoch: int = 0) -> tuple[Image, Image]:
    return augment_pair(*pictures(), config, pair_chance(3, epoch, place))


def test_nothing_happens_where_nothing_is_asked_for() -> None:
    for before, after in zip(pictures(), augmented(AugmentationConfig(**NOTHING)), strict=True):
        np.testing.assert_array_equal(before, after)


def test_the_same_seed_epoch_and_id_give_the_same_images() -> None:
    for one, other in zip(
        augmented(AugmentationConfig()), augmented(AugmentationConfig()), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("changed", [{"place": "8"}, {"epoch": 1}])
def test_another_id_or_epoch_gives_other_images(changed: dict[str, Any]) -> None:
    config = only("jitter")

    assert not np.array_equal(augmented(config)[0], augmented(config, **changed)[0])


def test_an_id_starts_the_same_numbers_on_every_machine() -> None:
    assert pair_chance(3, 5, "0000001").integers(10**9, size=3).tolist() == [
        565340594,
        77258078,
        556479526,
    ]


@pytest.mark.parametrize("change", ["rotate", "flip", "jitter", "sharpness", "dropout", "jpeg"])
def test_every_change_changes_both_views_and_leaves_the_given_images_alone(change: str) -> None:
    config = only(change, jpeg_quality=(90, 90))
    before = pictures()
    given = tuple(image.copy() for image in before)

    after = augment_pair(given[0], given[1], config, pair_chance(1, 0, "a"))

    for was, still, now in zip(before, given, after, strict=True):
        np.testing.assert_array_equal(was, still)
        assert now.shape == was.shape
        assert now.dtype == np.uint8
        assert not np.array_equal(was, now)


@pytest.mark.parametrize("change", ["rotate", "flip"])
def test_turns_and_flips_only_move_pixels(change: str) -> None:
    for before, after in zip(pictures(), augmented(only(change)), strict=True):
        assert sorted(before.reshape(-1, 3).tolist()) == sorted(after.reshape(-1, 3).tolist())


@pytest.mark.parametrize("share", [0.3, 0.75])
def test_a_probability_is_how_often_it_happens(share: float) -> None:
    config = AugmentationConfig(**{**NOTHING, "rotate_probability": share})
    pair = pictures()

    turned = sum(
        augment_pair(*pair, config, pair_chance(0, epoch, "a"))[0].tobytes() != pair[0].tobytes()
        for epoch in range(1000)
    )

    assert abs(turned / 1000 - share) < 0.06


@pytest.mark.parametrize("change", sorted(NO_COLOURS))
def test_colour_changes_are_drawn_for_each_view_alone(change: str) -> None:
    colour = np.full((4, 4, 3), (90, 120, 60), np.uint8)
    config = only("jitter", **{**NO_COLOURS, change: 0.5})

    ground, satellite = augment_pair(colour, colour, config, pair_chance(0, 0, "a"))

    assert not np.array_equal(ground, satellite)


def test_a_turn_of_the_hue_keeps_luma_and_grey() -> None:
    image = np.array([[[120, 80, 140], [128, 128, 128]]], np.uint8)
    config = only("jitter", **{**NO_COLOURS, "hue": 0.1})

    turned = jitter(image, config, np.random.default_rng(2))

    np.testing.assert_allclose(turned @ LUMA, image @ LUMA, atol=1.5)
    assert np.abs(turned[0, 1].astype(int) - 128).max() <= 1
    assert np.abs(turned[0, 0].astype(int) - image[0, 0]).max() > 5


def test_colours_that_leave_the_range_are_clipped() -> None:
    white = np.full((2, 2, 3), 255, np.uint8)
    config = only("jitter", **{**NO_COLOURS, "brightness": 1.0})

    values = [jitter(white, config, np.random.default_rng(n)).max() for n in range(20)]

    assert max(values) == 255
    assert min(values) < 250


def test_sharpening_widens_an_edge_s_step_and_blurring_flattens_it() -> None:
    image = np.full((16, 16, 3), 100, np.uint8)
    image[:, 8:] = 150

    def step(amount: float) -> int:
        row = change_sharpness(image, amount)[8, :, 0].astype(int)
        return int(row[8] - row[7])

    assert step(-0.8) < step(0.0) == 50 < step(0.8)


def test_no_more_is_dropped_than_the_config_allows() -> None:
    image = np.random.default_rng(0).integers(0, 256, (64, 160, 3), np.uint8)
    shares = [
        (drop_squares(image, 0.3, np.random.default_rng(seed)) != image).any(axis=2).mean()
        for seed in range(100)
    ]

    assert max(shares) < 0.4  # sides are whole pixels
    assert np.mean(shares) > 0.1


def test_what_is_dropped_takes_the_mean_colour() -> None:
    image = np.zeros((32, 32, 3), np.uint8)
    image[:, 16:] = (200, 100, 40)

    dropped = drop_squares(image, 0.5, np.random.default_rng(1))

    changed = dropped[(dropped != image).any(axis=2)]
    assert np.unique(changed, axis=0).tolist() == [[100, 50, 20]]


def test_encoding_again_moves_pixels_little_and_keeps_the_channels_apart() -> None:
    image = np.full((16, 16, 3), (200, 60, 30), np.uint8)

    encoded = encode_again(image, 90)

    assert np.abs(encoded.astype(int) - image).max() <= 4


def test_qualities_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="expected the least quality first"):
        AugmentationConfig(jpeg_quality=(100, 90))
