"""Gradient clipping: by value, as Sample4Geo does, or by norm."""

from collections.abc import Iterable

import torch
from torch import Tensor

from ..train_config import ClipConfig


def clip(parameters: Iterable[Tensor], config: ClipConfig | None) -> float:
    """
    Clip gradients in place; None leaves them.

    Returns:
        The L2 norm over all gradients before clipping.

    """
    own = [one for one in parameters if one.grad is not None]
    norm = torch.nn.utils.get_total_norm([one.grad for one in own if one.grad is not None])
    if config is not None and config.kind == "value":
        torch.nn.utils.clip_grad_value_(own, config.at)
    elif config is not None:
        torch.nn.utils.clip_grads_with_norm_(own, config.at, norm)
    return float(norm)
