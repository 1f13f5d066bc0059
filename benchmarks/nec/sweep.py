"""Which converters a sweep trains: one property at a time around the configured one, or all."""

from collections.abc import Sequence
from itertools import product

from ...training.config import ConverterConfig
from ..records.nec_result import Activation


def converters(
    configured: ConverterConfig,
    *,
    depths: Sequence[int],
    widths: Sequence[int],
    activations: Sequence[Activation],
    grid: bool = False,
) -> tuple[ConverterConfig, ...]:
    """
    List converters, the configured one first, none twice.

    A single linear layer has neither hidden units nor activation: all of depth 1 are one.

    Args:
        configured: what the others are varied from.
        depths: linear layers.
        widths: units of each hidden layer.
        activations: between layers.
        grid: every combination; if False, one property differs from the configured one at a time.

    """
    if grid:
        asked = [
            ConverterConfig(depth=depth, width=width, activation=activation)
            for depth, width, activation in product(depths, widths, activations)
        ]
    else:
        asked = [
            *(configured.model_copy(update={"depth": one}) for one in depths),
            *(configured.model_copy(update={"width": one}) for one in widths),
            *(configured.model_copy(update={"activation": one}) for one in activations),
        ]
    found: dict[tuple[object, ...], ConverterConfig] = {}
    for one in (configured, *asked):
        found.setdefault(_sizes(one), one)
    return tuple(found.values())


def _sizes(one: ConverterConfig) -> tuple[object, ...]:
    return (1,) if one.depth == 1 else (one.depth, one.width, one.activation)
