"""Mixed precision where it pays: what `precision: auto` means on this machine."""

from typing import Literal

import torch

from ..train_config import TrainPrecision

Settled = Literal["fp32", "bf16", "fp16"]

_DTYPES = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


def settle(precision: TrainPrecision, device: torch.device) -> Settled:
    """
    Settle `auto`: bf16 where the device multiplies in it, else fp32.

    A processor without bf16 products emulates them, several times slower than fp32.
    """
    if precision != "auto":
        return precision
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return "bf16" if torch.cpu._is_avx512_bf16_supported() else "fp32"


def autocast(precision: Settled, device: torch.device) -> torch.autocast:
    """Run the backbone in `precision`; heads leave it by themselves."""
    dtype = _DTYPES[precision]
    return torch.autocast(device.type, dtype=dtype, enabled=dtype is not None)
