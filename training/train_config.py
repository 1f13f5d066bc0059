"""How to train: what a YAML file under configs/ says."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
)

from ..runtime.artifact import Artifact, validation_summary
from ..runtime.datasets import Layout
from ..runtime.errors import ConfigError
from .augmentation import AugmentationConfig
from .config import NetworkConfig

TrainPrecision = Literal["auto", "fp32", "bf16", "fp16"]


class TrainConfig(Artifact):
    """Everything that decides the weights of a run, apart from the images."""

    network: NetworkConfig = NetworkConfig()
    """The network to train."""

    layout: Layout = "cvusa"
    """The data set's layout on disk."""

    init: Path | None = None
    """A checkpoint to start from (`clnet-train --init`); None starts from random weights."""

    steps: PositiveInt
    """Batches in all."""

    batch_size: int = Field(default=64, ge=2)
    """B, pairs a batch; each pair has B - 1 negatives."""

    learning_rate: PositiveFloat = 1e-3
    """AdamW's peak rate; cosine decay to zero follows the warm-up."""

    map_rate_factor: PositiveFloat = 10.0
    """Neural maps learn at `learning_rate` times this."""

    weight_decay: NonNegativeFloat = 0.05
    """AdamW's; not applied to biases, norms, maps and the temperature."""

    warmup_steps: NonNegativeInt = 50
    """Steps of linear warm-up."""

    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    """Of the cross-entropy in both directions."""

    precision: TrainPrecision = "auto"
    """Autocast of the backbone (the head stays in float32); `auto` is bf16 where it pays."""

    augmentation: AugmentationConfig = AugmentationConfig()
    """What happens to training pairs."""

    cache_mib: NonNegativeInt = 2048
    """Memory for decoded images; a larger data set is decoded anew in every epoch."""

    seed: NonNegativeInt = 0
    """Of weights, order and augmentation."""

    evaluate_every: NonNegativeInt = 0
    """Steps between evaluations on the held-out split; 0 evaluates at the end only."""

    save_every: PositiveInt = 500
    """Steps between states that `--resume` can go on from."""


def read_train_config(path: Path) -> TrainConfig:
    """
    Read a YAML file.

    Raises:
        ConfigError: the file is missing, is not YAML, or holds other keys or bad values; the
            message names each key at fault.

    """
    try:
        return TrainConfig.model_validate(yaml.safe_load(path.read_text()))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"cannot read {path}: {reason}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {validation_summary(error)}") from error
