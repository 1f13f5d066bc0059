"""Every switch of the configuration gives a network that embeds both views."""

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ConfigError
from clnet.training.network import CLNet
from clnet.training.reweighing import uniform

GROUND, SATELLITE = (32, 128), (64, 64)


def images(size: tuple[int, int], batch: int = 2) -> "torch.Tensor":
    generator = torch.Generator().manual_seed(0)
    return torch.randn(batch, 3, *size, generator=generator)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nec"),
        pytest.param({"maps": None}, id="baseline"),
        pytest.param({"maps": {"converter": None}}, id="maps-without-nec"),
        pytest.param({"maps": {"source": "image", "converter": None}}, id="maps-from-image"),
        pytest.param({"maps": {"normaliser": "sigmoid"}}, id="sigmoid"),
        pytest.param({"maps": {"normaliser": "l2"}}, id="l2"),
        pytest.param({"maps": {"normaliser": "minmax"}}, id="minmax"),
        pytest.param({"maps": {"residual": False}}, id="no-residual"),
        pytest.param({"maps": {"converter": {"depth": 3, "activation": "tanh"}}}, id="deep-nec"),
        pytest.param({"levels": (2, 3)}, id="two-levels"),
        pytest.param({"levels": (2, 3), "fusion": "sum", "embedding_dim": 16}, id="summed"),
        pytest.param({"head": "flattened", "embedding_dim": 16}, id="flattened"),
        pytest.param({"embedding_dim": 16}, id="projected"),
        pytest.param({"shared": False}, id="two-encoders"),
        pytest.param({"batch_norm": True}, id="batch-norm"),
        pytest.param({"backbone": "resnet18", "backbone_options": {}, "levels": (4,)}, id="resnet"),
    ],
)
def test_both_views_become_unit_vectors_of_one_space(small: Any, changes: dict[str, Any]) -> None:
    network = CLNet(small(**changes)).eval()

    ground = network(images(GROUND), "ground")
    satellite = network(images(SATELLITE), "satellite")

    assert ground.shape == satellite.shape == (2, network.embedding_dim)
    torch.testing.assert_close(ground.norm(dim=1), torch.ones(2))
    torch.testing.assert_close(satellite.norm(dim=1), torch.ones(2))


def test_the_baseline_equals_the_plain_timm_model(small: Any) -> None:
    """Weights that people have for the plain model must mean the same here."""
    network = CLNet(small(maps=None)).eval()
    model = network.backbone("ground").model
    for name, parameter in model.named_parameters():
        if "norm" in name:
            torch.nn.init.normal_(parameter, mean=1.0, std=0.2)

    plain = torch.nn.functional.normalize(model(images(GROUND)), dim=1)

    torch.testing.assert_close(network(images(GROUND), "ground"), plain)


def test_satellite_embeddings_do_not_depend_on_the_query(small: Any) -> None:
    network = CLNet(small()).eval()
    alone = network(images(SATELLITE)[:1], "satellite")

    beside_others = network(images(SATELLITE), "satellite")[:1]

    torch.testing.assert_close(alone, beside_others)


def test_the_satellite_map_follows_the_ground_map_through_nec(small: Any) -> None:
    network = CLNet(small())
    # one number of it: the sum over a normalised descriptor is zero whatever the maps are
    network(images(SATELLITE), "satellite")[:, 0].sum().backward()

    gradient = network.maps[0].ground_map.grad

    assert gradient is not None
    assert gradient.abs().sum() > 0


def test_without_nec_each_view_has_a_map_of_its_own(small: Any) -> None:
    names = dict(CLNet(small(maps={"converter": None})).maps.named_parameters())

    assert set(names) == {"0.ground_map", "0.satellite_map"}


def test_uniform_maps_equal_the_network_whose_maps_are_flat(small: Any) -> None:
    network = CLNet(small(maps={"converter": None})).eval()
    flat = network(images(GROUND), "ground", reweigh=uniform)
    with torch.no_grad():
        network.maps[0].ground_map.zero_()

    torch.testing.assert_close(network(images(GROUND), "ground"), flat)


def test_learned_maps_change_the_embedding(small: Any) -> None:
    network = CLNet(small()).eval()

    learned = network(images(GROUND), "ground")
    flat = network(images(GROUND), "ground", reweigh=uniform)

    assert (learned - flat).abs().max() > 1e-3


def test_two_encoders_share_no_weight(small: Any) -> None:
    network = CLNet(small(shared=False))

    assert network.backbone("ground") is not network.backbone("satellite")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"backbone": "convnext_gigantic"}, "convnext_gigantic", id="unknown-backbone"),
        pytest.param({"levels": (7,)}, r"levels \[7\]", id="no-such-level"),
        pytest.param({"backbone_options": {"colour": 3}}, "colour", id="unknown-option"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(
    small: Any, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        CLNet(small(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"levels": (3, 2)}, id="falling-levels"),
        pytest.param({"head": "flattened"}, id="flattened-without-size"),
        pytest.param({"maps": {"source": "image"}}, id="image-maps-with-nec"),
        pytest.param({"colour": 1}, id="unknown-key"),
    ],
)
def test_contradictions_in_the_config_are_refused(small: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        small(**changes)
