"""One optimisation step: forward, gather, loss, backward, clip, AdamW, average."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ...runtime.errors import ConfigError, EmbeddingError
from ..checkpoint import start_from
from ..loss import symmetric_info_nce
from ..network import CLNet
from ..pretrained import load_pretrained
from ..train_config import TrainConfig
from .autocast import autocast, settle
from .averaging import Average
from .clipping import clip
from .describing import Describing
from .gathering import gather_descriptors
from .optimizer import make_optimizer, set_rate
from .processes import Processes


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a step says of itself."""

    loss: float
    gradient_norm: float
    """Over all gradients, before clipping; infinite where fp16 overflowed and the step was left."""


class Learner:
    """The network with all that changes when it learns."""

    def __init__(self, config: TrainConfig, processes: Processes) -> None:
        """
        Build network and optimizer with the run's own random weights.

        Raises:
            ConfigError: network and sizes do not fit together; the backbone cannot compute its
                features again.

        """
        self.config = config
        self._processes = processes
        self.device = processes.device
        self.precision = settle(config.precision, self.device)
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            network = CLNet(config.network)
        if config.gradient_checkpointing:
            _compute_again(network)
        # channels last: depthwise and pointwise convolutions run up to twice as fast
        self.network = network.to(self.device).to(memory_format=torch.channels_last)
        self.optimizer = make_optimizer(self.network, config)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.precision == "fp16")
        self.average = Average(self.network, config.ema_decay) if config.ema_decay else None
        self._describing = processes.parallel(Describing(self.network))

    @property
    def scored(self) -> CLNet:
        """The network that is evaluated and kept: the average, where there is one."""
        return self.average.network if self.average else self.network

    def start(self) -> None:
        """
        Take the weights that the config starts from.

        Raises:
            ArtifactError: they are missing or damaged, or of another network.

        """
        if self.config.init is not None:
            start_from(self.network, self.config.init)
        if self.config.pretrained is not None:
            load_pretrained(self.network, self.config.pretrained)
        if self.average is not None:
            self.average.network.load_state_dict(self.network.state_dict())

    def step(self, number: int, rate: float, ground: Tensor, satellite: Tensor) -> Stepped:
        """
        Learn from one batch.

        Args:
            number: of the step; seeds dropout, so that resuming is exact.
            rate: the learning rate.
            ground: [b, 3, H, W] float32, this process's part of the batch.
            satellite: [b, 3, H, W] float32, row by row the same places.

        Raises:
            EmbeddingError: the loss is not finite.

        """
        processes = self._processes
        seed = self.config.seed * 1_000_003 + number
        torch.manual_seed(seed * processes.count + processes.rank)
        set_rate(self.optimizer, rate)
        self.network.train()
        loss = self._loss(ground.to(self.device), satellite.to(self.device))
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.unscale_(self.optimizer)
        gradient_norm = clip(self.network.parameters(), self.config.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average is not None:
            self.average.follow()
        value = float(loss.detach())
        if not math.isfinite(value):
            raise EmbeddingError(f"loss is {value} at step {number} (rate {rate:.2g}); lower it")
        return Stepped(value, gradient_norm)

    def _loss(self, ground: Tensor, satellite: Tensor) -> Tensor:
        with autocast(self.precision, self.device):
            described = self._describing(ground, satellite)
        if self._processes.count > 1:
            described = tuple(gather_descriptors(one) for one in described)
        network = self.network
        return symmetric_info_nce(
            network.finish(described[0], "ground"),
            network.finish(described[1], "satellite"),
            network.logit_scale,
            self.config.label_smoothing,
        )


def _compute_again(network: CLNet) -> None:
    for one in network.backbones.values():
        switch = getattr(one.model, "set_grad_checkpointing", None)
        try:
            if switch is None:
                raise AttributeError("set_grad_checkpointing")
            switch(True)
        except (AssertionError, AttributeError, NotImplementedError) as error:
            raise ConfigError(
                f"backbone {network.config.backbone!r} cannot compute features again: set "
                "gradient_checkpointing: false"
            ) from error
