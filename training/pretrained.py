"""timm's own weights for the backbone, from a file on this disk. Nothing is ever downloaded."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from ..runtime.errors import ArtifactError
from .backbone import Backbone
from .checkpoint import misfit, not_finite
from .network import CLNet
from .safetensors_file import read_safetensors
from .tensor_file import read_tensors


def load_pretrained(network: CLNet, path: Path) -> None:
    """
    Give every backbone of a network the weights of a file with timm's names.

    A classifier of the file is dropped. Every other tensor must find its place, and every place
    a tensor.

    Args:
        network: about to be trained.
        path: `.safetensors`, or a `.pth` of tensors alone (`read_tensors`).

    Raises:
        ArtifactError: the file is missing or damaged, or of another backbone; up to three tensors
            at fault are named.

    """
    weights = _read(path)
    for one in network.backbones.values():
        assert isinstance(one, Backbone)
        kept = _without_classifier(weights, one)
        fault = misfit(one.model.state_dict(), kept)
        if fault:
            raise ArtifactError(
                f"{path} is not of backbone {network.config.backbone!r}: it {fault}; expected "
                "the tensors of timm's model of that name"
            )
        one.model.load_state_dict(kept)


def _read(path: Path) -> dict[str, Tensor]:
    weights = read_safetensors(path) if path.suffix == ".safetensors" else read_tensors(path)
    broken = not_finite(weights)
    if broken:
        raise ArtifactError(f"{path}: {broken} holds numbers that are not finite")
    return weights


def _without_classifier(weights: Mapping[str, Tensor], backbone: Backbone) -> dict[str, Tensor]:
    classifier = backbone.model.pretrained_cfg.get("classifier") or ()
    names = (classifier,) if isinstance(classifier, str) else tuple(classifier)
    prefixes = tuple(f"{name}." for name in names)
    return {name: one for name, one in weights.items() if not name.startswith(prefixes)}
