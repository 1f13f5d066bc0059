"""Gradients are bounded by value or by norm, and their norm is told as it was."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.training.train_config import ClipConfig
from clnet.training.trainer.clipping import clip


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(None, [3.0, -4.0], id="none"),
        pytest.param(ClipConfig(kind="value", at=3.5), [3.0, -3.5], id="value"),
        pytest.param(ClipConfig(kind="norm", at=2.5), [1.5, -2.0], id="norm"),
    ],
)
def test_a_gradient_is_bounded(config: ClipConfig | None, expected: list[float]) -> None:
    weight, unused = torch.nn.Parameter(torch.zeros(2)), torch.nn.Parameter(torch.zeros(2))
    weight.grad = torch.tensor([3.0, -4.0])

    norm = clip([weight, unused], config)

    assert norm == 5.0
    assert weight.grad.tolist() == pytest.approx(expected, rel=1e-5)
