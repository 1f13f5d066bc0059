"""Weights that people have: a Sample4Geo `.pth` becomes a checkpoint of ours, or is refused."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.nn.functional as F
from torch import Tensor

from ..runtime.artifact import sha256_of
from ..runtime.atomic import directory_written_aside
from ..runtime.errors import ArtifactError, ConfigError
from .backbone import Backbone
from .checkpoint import (
    Checkpoint,
    Source,
    load_checkpoint,
    misfit,
    not_finite,
    save_checkpoint,
)
from .network import CLNet
from .recipes import RECIPES, Architecture, RecipeName, baseline
from .tensor_file import read_tensors

CONVNEXTS: dict[tuple[int, tuple[int, ...]], str] = {
    (40, (2, 2, 6, 2)): "convnext_atto",
    (48, (2, 2, 6, 2)): "convnext_femto",
    (64, (2, 2, 6, 2)): "convnext_pico",
    (80, (2, 2, 8, 2)): "convnext_nano",
    (96, (3, 3, 9, 3)): "convnext_tiny",
    (96, (3, 3, 27, 3)): "convnext_small",
    (128, (3, 3, 27, 3)): "convnext_base",
    (192, (3, 3, 27, 3)): "convnext_large",
    (256, (3, 3, 27, 3)): "convnext_xlarge",
}
"""Channels after the stem and blocks a stage of timm's ConvNeXts, all of ImageNet's statistics."""

MIN_COSINE = 1 - 1e-6
"""Between the baseline's embedding and the plain timm model's, before weights are accepted."""

_OURS = "backbones.shared."
"""What our names have in front of Sample4Geo's."""


def import_weights(
    path: Path, recipe: RecipeName, out: Path, backbone: str | None = None
) -> Source:
    """
    Write a foreign weights file as a checkpoint to export, evaluate or fine-tune.

    Args:
        path: a `.pth` with the keys `model.*` and `logit_scale`, with or without a `module.`
            before them. A classifier that was left in it is dropped.
        recipe: what it was trained for; decides the preprocessing.
        out: the checkpoint's folder; new or empty.
        backbone: a timm name; None recognises a ConvNeXt by its tensors' shapes.

    Returns:
        Where the weights came from, as the checkpoint states it.

    Raises:
        ArtifactError: `path` is no such file, or its tensors are not that backbone's; `out` is
            taken. Nothing was written.
        ConfigError: timm does not know the backbone, or pools it in another way than the
            baseline does.

    """
    with directory_written_aside(out) as folder:
        weights, dropped = _named_alike(read_tensors(path)), []
        if backbone is None:
            backbone = _recognise(path, weights)
        architecture, classifier = _architecture(backbone)
        for name in sorted(name for name in weights if name.startswith(classifier)):
            del weights[name]
            dropped.append(name)
        network = CLNet(baseline(recipe, architecture)).eval()
        _fill(network, weights, path)
        _check_plain(network)
        source = Source(recipe=recipe, file_sha256=sha256_of(path), dropped=tuple(dropped))
        save_checkpoint(folder, network, steps=0, source=source)
    return source


def open_checkpoint(
    path: Path, recipe: RecipeName | None = None, backbone: str | None = None
) -> Checkpoint:
    """
    Load a run's folder, or a foreign file by its recipe.

    A file is imported into a scratch folder first. So the hash of its weights, and with it the
    embedding space id, is the one that `import_weights` and then `load_checkpoint` give.

    Raises:
        ConfigError: a file without a recipe, or a run with one.
        ClnetError: as `load_checkpoint` and `import_weights`.

    """
    if path.is_dir():
        if recipe is not None or backbone is not None:
            raise ConfigError(
                f"{path} is a run and knows its network: leave out --recipe and --backbone"
            )
        return load_checkpoint(path)
    if recipe is None:
        if not path.exists():
            raise ArtifactError(f"cannot read {path}: there is no such run or file")
        raise ConfigError(
            f"{path} is a file of weights: say what they were trained for, with --recipe "
            f"{'|'.join(RECIPES)}"
        )
    with TemporaryDirectory() as scratch:
        import_weights(path, recipe, Path(scratch), backbone)
        return load_checkpoint(Path(scratch))


def _named_alike(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Take off what DataParallel puts before every name."""
    if all(name.startswith("module.") for name in weights):
        return {name.removeprefix("module."): tensor for name, tensor in weights.items()}
    return weights


def _recognise(path: Path, weights: Mapping[str, Tensor]) -> str:
    """Tell a ConvNeXt by the channels of its stem and the blocks of its stages."""
    stem = weights.get("model.stem.0.weight")
    found = (re.match(r"model\.stages\.(\d)\.blocks\.(\d+)\.", name) for name in weights)
    blocks = Counter(stage for stage, _ in {match.groups() for match in found if match})
    depths = tuple(count for _, count in sorted(blocks.items()))
    name = CONVNEXTS.get((len(stem), depths)) if stem is not None and stem.ndim else None
    if name is None:
        shown = ", ".join(sorted(weights)[:3])
        raise ArtifactError(
            f"{path}: expected a ConvNeXt of a known size under model.*, got {shown}, ...; name "
            "the timm model with --backbone"
        )
    return name


def _architecture(name: str) -> tuple[Architecture, str]:
    """Ask timm about a model, without memory for its weights; also the classifier's prefix."""
    with torch.device("meta"):
        backbone = Backbone(name, {})
    config = backbone.model.pretrained_cfg
    architecture = Architecture(
        name=name.split(".")[0],
        last_level=backbone.last_level(),
        statistics=(tuple(config["mean"]), tuple(config["std"])),
    )
    return architecture, f"model.{config['classifier']}."


def _fill(network: CLNet, weights: Mapping[str, Tensor], path: Path) -> None:
    own = network.state_dict()
    fault = misfit({name.removeprefix(_OURS): tensor for name, tensor in own.items()}, weights)
    if fault:
        raise ArtifactError(
            f"{path} does not hold the weights of {network.config.backbone}: it {fault}; "
            "another timm model is named with --backbone"
        )
    ours = {
        name: weights[name.removeprefix(_OURS)].to(tensor.dtype) for name, tensor in own.items()
    }
    broken = not_finite(ours)
    if broken:
        raise ArtifactError(
            f"{path}: {broken.removeprefix(_OURS)} holds numbers that are not finite; "
            "take a checkpoint of an earlier epoch"
        )
    network.load_state_dict(ours)


@torch.no_grad()
def _check_plain(network: CLNet) -> None:
    """Some timm models pool by attention, or norm first: their embedding is not the baseline's."""
    size = network.config.ground
    noise = torch.Generator().manual_seed(0)
    images = torch.randn(1, 3, size.height, size.width, generator=noise)
    plain, ours = F.normalize(network.backbone("ground").model(images)), network(images, "ground")
    if plain.shape != ours.shape or not float((plain * ours).sum()) >= MIN_COSINE:
        raise ConfigError(
            f"backbone {network.config.backbone!r} cannot be imported: expected a model that "
            "embeds by the mean of its last stage, got one that pools in another way"
        )
