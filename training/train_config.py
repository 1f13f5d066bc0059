"""How to train: what a YAML file under configs/ says."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    model_validator,
)
from typing_extensions import Self

from ..runtime.artifact import Artifact, validation_summary
from ..runtime.datasets import Area, Labels, Layout
from ..runtime.errors import ConfigError
from .augmentation import AugmentationConfig
from .config import NetworkConfig
from .sampling import NegativesConfig

TrainPrecision = Literal["auto", "fp32", "bf16", "fp16"]


class ClipConfig(Artifact):
    """How far a gradient may go."""

    kind: Literal["value", "norm"] = "value"
    """`value` bounds each number; `norm` scales all gradients together."""

    at: PositiveFloat = 100.0
    """The bound (Sample4Geo's: values at 100)."""


class TrainConfig(Artifact):
    """Everything that decides the weights of a run, apart from the images."""

    network: NetworkConfig = NetworkConfig()
    """The network to train."""

    layout: Layout = "cvusa"
    """The data set's layout on disk."""

    area: Area = "same"
    """VIGOR's division; the other layouts have one."""

    labels: Labels = "original"
    """VIGOR's label files; the other layouts have one."""

    init: Path | None = None
    """A checkpoint to start from (`clnet-train --init`); None starts from random weights."""

    pretrained: Path | None = None
    """A local file of timm's weights for the backbone (.safetensors or .pth); never downloaded."""

    epochs: PositiveInt | None = None
    """Passes over the training places; exactly one of this and `steps`."""

    steps: PositiveInt | None = None
    """Batches in all."""

    batch_size: int = Field(default=64, ge=2)
    """B, pairs a batch, over all processes; each pair has B - 1 negatives."""

    learning_rate: PositiveFloat = 1e-3
    """AdamW's peak rate; cosine decay to zero follows the warm-up."""

    map_rate_factor: PositiveFloat = 10.0
    """Neural maps learn at `learning_rate` times this."""

    weight_decay: NonNegativeFloat = 0.05
    """AdamW's; not applied to biases, norms, maps and the temperature."""

    warmup_steps: NonNegativeInt = 50
    """Steps of linear warm-up."""

    warmup_epochs: NonNegativeFloat | None = None
    """Epochs of linear warm-up, or a part of one; takes the place of `warmup_steps`."""

    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    """Of the cross-entropy in both directions."""

    clip: ClipConfig | None = None
    """Bound of the gradients; None leaves them as they are."""

    ema_decay: float | None = Field(default=None, gt=0, lt=1)
    """Share of the old average that a step keeps; checkpoint and scores are then the average's."""

    precision: TrainPrecision = "auto"
    """Autocast of the backbone (the head stays in float32); `auto` is bf16 where it pays."""

    gradient_checkpointing: bool = False
    """Compute a stage's features again in the backward pass instead of keeping them."""

    augmentation: AugmentationConfig = AugmentationConfig()
    """What happens to training pairs."""

    negatives: NegativesConfig = NegativesConfig()
    """Which places share a batch."""

    seed: NonNegativeInt = 0
    """Of weights, order and augmentation."""

    evaluate_every_epochs: NonNegativeInt = 0
    """Epochs between evaluations on the held-out split; 0 evaluates at the end only."""

    save_every: PositiveInt = 500
    """Steps between states that `--resume` can go on from."""

    cache_mib: NonNegativeInt = 2048
    """
    Memory of each process for decoded training images; a larger data set is decoded anew in every
    epoch. What is evaluated or searched for hard negatives is decoded anew each time.
    """

    loader_threads: PositiveInt | None = None
    """Threads that decode and augment; None takes one a core."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("give exactly one of epochs and steps")
        if self.init is not None and self.pretrained is not None:
            raise ValueError("init and pretrained both give weights to start from: leave one out")
        return self

    def deciding(self) -> dict[str, Any]:
        """Return the fields that decide the weights: what may not change when a run goes on."""
        indifferent = {"evaluate_every_epochs", "save_every", "cache_mib", "loader_threads"}
        return self.model_dump(mode="json", exclude=indifferent)

    def changed(self, **fields: Any) -> Self:  # noqa: ANN401
        """
        Return a copy with other fields, checked as a whole.

        Raises:
            ConfigError: the fields do not go together.

        """
        try:
            return self.model_validate({**self.model_dump(), **fields})
        except ValidationError as error:
            raise ConfigError(validation_summary(error)) from error


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
