"""The average follows the network slowly, buffers included."""

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.training.network import CLNet
from clnet.training.trainer.averaging import Average


def test_a_step_moves_the_average_by_one_minus_the_decay(small: Any) -> None:
    network = CLNet(small(batch_norm=True))
    average = Average(network, 0.9)
    before = {name: one.clone() for name, one in average.state().items()}
    with torch.no_grad():
        for one in network.state_dict().values():
            one.add_(1)

    average.follow()

    for name, one in average.state().items():
        step = 0.1 if one.is_floating_point() else 1  # BatchNorm counts its batches
        torch.testing.assert_close(one, before[name] + step)


def test_the_average_is_not_learned(small: Any) -> None:
    average = Average(CLNet(small()), 0.9)

    assert not any(one.requires_grad for one in average.network.parameters())
