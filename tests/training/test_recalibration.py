import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.training.config import MapConfig
from clnet.training.recalibration import gain, importance
from clnet.training.reweighing import uniform

NEURAL_MAP = torch.randn(1, 4, 2, 3, generator=torch.Generator().manual_seed(0))


def test_softmax_importance_has_mean_one_over_positions() -> None:
    weights = importance(NEURAL_MAP, "softmax")

    torch.testing.assert_close(weights.mean(dim=(2, 3)), torch.ones(1, 4))


def test_l2_importance_has_mean_square_one() -> None:
    weights = importance(NEURAL_MAP, "l2")

    torch.testing.assert_close(weights.square().mean(dim=(2, 3)), torch.ones(1, 4))


@pytest.mark.parametrize("normaliser", ["sigmoid", "minmax"])
def test_bounded_importance_lies_between_zero_and_one(normaliser: str) -> None:
    weights = importance(NEURAL_MAP * 10, normaliser)

    assert 0 <= weights.min() <= weights.max() <= 1


def test_minmax_spans_each_channel() -> None:
    weights = importance(NEURAL_MAP, "minmax").flatten(2)

    torch.testing.assert_close(weights.amax(dim=2), torch.ones(1, 4), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(weights.amin(dim=2), torch.zeros(1, 4))


def test_a_flat_map_is_no_division_by_zero() -> None:
    flat = torch.zeros(1, 2, 3, 3)

    for normaliser in ("softmax", "sigmoid", "l2", "minmax"):
        assert torch.isfinite(importance(flat, normaliser)).all()


def test_the_residual_adds_one_to_the_gain() -> None:
    weights = importance(NEURAL_MAP, "softmax")
    with_residual = gain(weights, MapConfig())
    without = gain(weights, MapConfig(residual=False))

    torch.testing.assert_close(with_residual - without, torch.ones_like(NEURAL_MAP))


def test_uniform_weights_are_the_same_at_every_position() -> None:
    weights = uniform(importance(NEURAL_MAP, "softmax"), 0, "ground").flatten(2)

    torch.testing.assert_close(weights.amax(dim=2), weights.amin(dim=2))
