"""Descriptors of all processes in one batch, with gradients that find their way back."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, own: Tensor) -> Tensor:  # noqa: ANN401
        parts = [torch.empty_like(own) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, own.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:  # noqa: ANN401
        (whole,) = gradients
        summed = whole.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(summed)
        return summed.chunk(dist.get_world_size())[dist.get_rank()]


def gather_descriptors(own: Tensor) -> Tensor:
    """
    Put the descriptors of W processes, one slice of the batch each, under one another.

    Every process then computes the same BatchNorm, embeddings and loss L of the whole batch. Why
    the weights move as in one process: with d_i the descriptor of pair i and S_r the slice of
    process r, backward sums dL/dd over the W equal copies of L, so that process r accumulates
    W * sum over i in S_r of dL/dd_i * dd_i/dw. DistributedDataParallel takes the mean over the
    processes: (1/W) * sum over r of that, which is the sum over all i of dL/dd_i * dd_i/dw = dL/dw.
    What only the loss reads (the temperature) stays out of DistributedDataParallel: each
    process has its whole gradient already.

    Args:
        own: [B / W, D] float32, in rank order of the batch; as many rows on every process.

    Returns:
        [B, D] float32, the same on every process.

    """
    gathered: Tensor = _Gather.apply(own)
    return gathered
