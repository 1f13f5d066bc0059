import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.training.loss import symmetric_info_nce


def unit(*shape: int) -> "torch.Tensor":
    rows = torch.randn(*shape, generator=torch.Generator().manual_seed(0))
    return torch.nn.functional.normalize(rows, dim=1)


def test_a_network_that_knows_nothing_has_loss_ln_b() -> None:
    same = unit(1, 8).expand(16, 8)

    loss = symmetric_info_nce(same, same, torch.tensor(2.0))

    assert float(loss) == pytest.approx(math.log(16))


def test_true_pairs_that_stand_apart_have_no_loss() -> None:
    corners = torch.eye(8)

    assert float(symmetric_info_nce(corners, corners, torch.tensor(4.0))) < 1e-6


def test_exchanging_the_views_changes_nothing() -> None:
    a, b = unit(8, 4), unit(9, 4)[1:]
    scale = torch.tensor(1.0)

    torch.testing.assert_close(symmetric_info_nce(a, b, scale), symmetric_info_nce(b, a, scale))


def test_the_temperature_is_bounded_below() -> None:
    a, b = unit(8, 4), unit(9, 4)[1:]
    at_bound = symmetric_info_nce(a, b, torch.tensor(math.log(100.0)))

    torch.testing.assert_close(symmetric_info_nce(a, b, torch.tensor(50.0)), at_bound)
