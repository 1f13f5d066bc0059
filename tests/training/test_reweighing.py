"""Other maps in the place of the learned ones."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")

from clnet.runtime.errors import ConfigError
from clnet.runtime.preprocess import View
from clnet.training.network import CLNet
from clnet.training.reweighing import borrowed, shuffled, uniform

IMAGES = {"ground": (1, 3, 32, 128), "satellite": (1, 3, 64, 64)}


def network(small: Any, seed: int, **changes: Any) -> CLNet:
    torch.manual_seed(seed)
    return CLNet(small(**changes)).eval().requires_grad_(False)


def weights() -> Any:
    return torch.rand(1, 5, 3, 4)


def test_uniform_keeps_each_channels_mean() -> None:
    before = weights()

    after = uniform(before, 0, "ground")

    assert torch.allclose(after.mean(dim=(2, 3)), before.mean(dim=(2, 3)))
    assert torch.equal(after, after[:, :, :1, :1].expand_as(after))


def test_shuffled_moves_all_channels_to_the_same_other_positions() -> None:
    before = weights()

    after = shuffled(0)(before, 0, "ground")

    columns = {tuple(one) for one in before.flatten(2)[0].T.tolist()}
    assert {tuple(one) for one in after.flatten(2)[0].T.tolist()} == columns
    assert not torch.equal(after, before)


def test_shuffled_never_leaves_a_map_of_two_positions_as_it_is() -> None:
    before = torch.rand(1, 2, 1, 2)

    for seed in range(20):
        assert torch.equal(shuffled(seed)(before, 0, "satellite"), before.flip(3))


def test_shuffled_repeats_itself_and_differs_by_seed_and_view() -> None:
    before = weights()

    same = [shuffled(3)(before, 0, "ground") for _ in range(2)]
    others = [shuffled(4)(before, 0, "ground"), shuffled(3)(before, 0, "satellite")]

    assert torch.equal(*same)
    assert not any(torch.equal(same[0], other) for other in others)


def test_a_network_with_borrowed_maps_weighs_as_the_lender(small: Any) -> None:
    own, lender = network(small, 0), network(small, 1)
    features = torch.rand(2, 32, 2, 2)

    lent = borrowed(lender)(own.weights(0, "satellite", features), 0, "satellite")

    assert torch.equal(lent, lender.weights(0, "satellite", features))
    assert not torch.equal(lent, own.weights(0, "satellite", features))


@pytest.mark.parametrize("view", IMAGES)
def test_borrowing_from_oneself_changes_no_embedding(small: Any, view: View) -> None:
    own = network(small, 0)
    images = torch.rand(IMAGES[view])

    assert np.array_equal(own(images, view), own(images, view, reweigh=borrowed(own)))


def test_a_baseline_has_no_maps_to_lend(small: Any) -> None:
    with pytest.raises(ConfigError, match="learned"):
        borrowed(network(small, 0, maps=None))


def test_maps_of_other_sizes_are_not_lent(small: Any) -> None:
    larger = {"view": "satellite", "height": 128, "width": 128}
    own, lender = network(small, 0), network(small, 0, satellite=larger)

    with pytest.raises(ConfigError, match=r"expected \[32, 2, 2\], got \[32, 4, 4\]"):
        own(torch.rand(1, 3, 64, 64), "satellite", reweigh=borrowed(lender))
