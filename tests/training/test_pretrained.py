"""timm's weights come from a local file, whole or not at all."""

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

import timm
from safetensors.torch import save_file

from clnet.runtime import ArtifactError
from clnet.training.network import CLNet
from clnet.training.pretrained import load_pretrained


@pytest.fixture
def published(small: Any) -> dict[str, "torch.Tensor"]:
    """What timm publishes of the small network's backbone: with its classifier."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = timm.create_model("convnext_atto", num_classes=5, **small().backbone_options)
    return model.state_dict()


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_the_backbone_takes_the_weights_and_the_classifier_is_dropped(
    suffix: str, small: Any, published: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / f"imagenet{suffix}"
    if suffix == ".pth":
        torch.save(published, path)
    else:
        save_file(published, path)
    network = CLNet(small(shared=False))

    load_pretrained(network, path)

    for view in ("ground", "satellite"):
        own = network.backbone(view).model.state_dict()
        assert all(torch.equal(own[name], published[name]) for name in own)
    assert "head.fc.weight" not in own


def test_weights_of_another_model_are_refused_by_name(
    small: Any, published: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("stem.0.weight", "stem.0.bias", "stem.1.weight", "stem.1.bias"):
        del published[name]
    save_file(published, tmp_path / "cut.safetensors")

    with pytest.raises(ArtifactError, match=r"lacks stem\.0\.bias, stem\.0\.weight, .* and 1 more"):
        load_pretrained(CLNet(small()), tmp_path / "cut.safetensors")


def test_a_file_that_is_not_there_is_refused(small: Any, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"cannot read .*none\.safetensors"):
        load_pretrained(CLNet(small()), tmp_path / "none.safetensors")
