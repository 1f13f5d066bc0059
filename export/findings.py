"""What half precision would harm in a graph, by rule and by measurement."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from ..runtime.artifact import Artifact
from .regions import Dataflow
from .tensor_types import tensor_types

Peaks = Mapping[str, float]
"""Largest absolute value of each floating-point tensor of a graph, by its name."""

HALF_MAX = float(np.finfo(np.float16).max)

OVERFLOW_LIMIT = HALF_MAX / 8
"""An image that calibration did not see may reach eight times as far."""

_BITS_BELOW_PEAK = 5
"""A typical number of an activation is about 2**-5 of the largest one."""

UNDERFLOW_LIMIT = float(np.finfo(np.float16).smallest_normal) * 2**_BITS_BELOW_PEAK
"""Half loses a bit with each halving below 2**-14; typical numbers must stay above: 2**-9."""

WEIGHT_ERROR_LIMIT = 2.0**-9
"""Of ||rounded - w|| / ||w||; at most 2**-11 in half's normal range."""

_SPACING_IN_SUM = 2.0 ** -(11 + _BITS_BELOW_PEAK)
"""Rounding of a sum's typical number, as a share of its largest one."""

_SUBNORMAL_ERROR = float(np.finfo(np.float16).smallest_subnormal) / 2
"""Largest error that rounding makes below the normal range."""

_GUARDS = {"Sqrt", "Reciprocal", "Pow", "Log", "Div", "Mul", "Expand", "Reshape", "Unsqueeze"}
"""What an eps protects; until they are computed it must stay alive."""

_ADDENDS = {"Add": (0, 1), "Sub": (0, 1), "Conv": (2,), "Gemm": (2,), "LayerNormalization": (2,)}
"""Which inputs of an operator are added and not multiplied."""


class Reason(Artifact):
    """Why a node is computed in FP32."""

    kind: Literal["rule", "measurement"]
    """Whether it follows from the graph alone, or from calibration images, too."""

    node: str
    """The node that it is about."""

    reason: str
    """What half would do there, in a few words."""

    measured: float | None = None
    """The number found, if there is one."""

    limit: float | None = None
    """What it was held to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason, and the nodes that must read and write FP32 for it."""

    reason: Reason
    """For the record."""

    asked: frozenset[int]
    """Their places in the graph."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The search for them in one graph."""

    model: onnx.ModelProto
    """In FP32."""

    flow: Dataflow
    """Of the nodes that are to become half."""

    peaks: Peaks | None
    """Largest absolute value of each tensor; None looks at the graph alone."""

    def all(self) -> list[Finding]:
        """List every finding, in the graph's order."""
        found = [*self._constants(), *(self._activations() if self.peaks else ())]
        return sorted(found, key=lambda one: min(one.asked))

    def _activations(self) -> Iterator[Finding]:
        assert self.peaks is not None
        counts = _reduced_counts(self.model)
        for place, node in self.flow.nodes.items():
            for name in node.output:
                peak = self.peaks.get(name, 0.0)
                users = frozenset({place, *self.flow.consumers(name)})
                if peak > OVERFLOW_LIMIT:
                    said = "numbers too large for half"
                    yield _measured(node, said, peak, OVERFLOW_LIMIT, users)
                elif 0 < peak < UNDERFLOW_LIMIT and not self._lost(name, _SUBNORMAL_ERROR):
                    said = "all numbers too small for half"
                    yield _measured(node, said, peak, UNDERFLOW_LIMIT, users)
                inner = _INTERMEDIATES.get(node.op_type, _nothing)(peak, counts.get(name, 1.0))
                if inner > OVERFLOW_LIMIT >= peak:
                    said = f"numbers inside {node.op_type} too large for half"
                    yield _measured(node, said, inner, OVERFLOW_LIMIT, frozenset({place}))

    def _constants(self) -> Iterator[Finding]:
        weights = {one.name: one for one in self.model.graph.initializer}
        for place, node in self.flow.nodes.items():
            for position, name in enumerate(node.input):
                weight = weights.get(name)
                if weight is not None and weight.data_type == TensorProto.FLOAT:
                    values = numpy_helper.to_array(weight)
                    yield from self._constant(place, position, name, values)

    def _constant(
        self, place: int, position: int, name: str, values: NDArray[np.float32]
    ) -> Iterator[Finding]:
        node, largest = self.flow.nodes[place], float(np.abs(values).max(initial=0.0))
        if largest > HALF_MAX:
            reason = _rule(node, f"constant {name} is beyond half's range", largest, HALF_MAX)
            yield Finding(reason, frozenset({place}))
            return
        rounded = values.astype(np.float16).astype(np.float32)
        if largest > 0 and not rounded.any():
            said = f"constant {name} would be zero in half"
            yield Finding(_rule(node, said, largest, _SUBNORMAL_ERROR), self._guarded(place))
            return
        error = float(np.linalg.norm(rounded - values) / (np.linalg.norm(values) or 1.0))
        if (
            error > WEIGHT_ERROR_LIMIT
            and self.peaks
            and not self._harmless(place, position, error, float(np.abs(rounded - values).max()))
        ):
            said = f"constant {name} loses its digits in half (relative error)"
            yield _measured(node, said, error, WEIGHT_ERROR_LIMIT, frozenset({place}))

    def _harmless(self, place: int, position: int, relative: float, absolute: float) -> bool:
        """Whether the rounding of one constant is lost in a sum that is rounded anyway."""
        assert self.peaks is not None
        node = self.flow.nodes[place]
        output = node.output[0]
        if position in _ADDENDS.get(node.op_type, ()):
            return absolute <= self.peaks[output] * _SPACING_IN_SUM or self._lost(output, absolute)
        return self._lost(output, relative * self.peaks[output])

    def _lost(self, tensor: str, error: float) -> bool:
        """Whether every sum that a tensor's error comes to is itself rounded more coarsely."""
        assert self.peaks is not None
        consumers = self.flow.consumers(tensor)
        for node in map(self.flow.nodes.__getitem__, consumers):
            output = node.output[0]
            peak = self.peaks.get(output, np.inf)
            added = node.op_type in ("Add", "Sub") and error <= peak * _SPACING_IN_SUM
            if not added and (peak > self.peaks[tensor] or not self._lost(output, error)):
                return False
        return bool(consumers)

    def _guarded(self, place: int) -> frozenset[int]:
        """Follow an eps to the operator that brings it back to the numbers it protects."""
        found, waiting = {place}, [place]
        while waiting:
            for name in self.flow.nodes[waiting.pop()].output:
                guards = [
                    one
                    for one in self.flow.consumers(name)
                    if one not in found and self.flow.nodes[one].op_type in _GUARDS
                ]
                found.update(guards)
                waiting += [one for one in guards if len(self.flow.inputs(one)) == 1]
        return frozenset(found)


_INTERMEDIATES: dict[str, Callable[[float, float], float]] = {
    "ReduceMean": lambda peak, count: peak * count,
    "GlobalAveragePool": lambda peak, count: peak * count,
    "ReduceL2": lambda peak, count: peak * peak,
}
"""What an operator may hold on the way to its output: a sum, a sum of squares."""


def _nothing(peak: float, count: float) -> float:
    del peak, count
    return 0.0


def _reduced_counts(model: onnx.ModelProto) -> dict[str, float]:
    """Count the numbers that go into one number of a reduction's output."""
    sizes = {name: prod(one.shape) for name, one in tensor_types(model).items()}
    return {
        node.output[0]: sizes[node.input[0]] / max(1, sizes[node.output[0]])
        for node in model.graph.node
        if node.op_type in _INTERMEDIATES
    }


def _rule(node: onnx.NodeProto, said: str, measured: float, limit: float) -> Reason:
    return Reason(kind="rule", node=node.name, reason=said, measured=measured, limit=limit)


def _measured(
    node: onnx.NodeProto, said: str, measured: float, limit: float, asked: frozenset[int]
) -> Finding:
    reason = Reason(kind="measurement", node=node.name, reason=said, measured=measured, limit=limit)
    return Finding(reason, asked)
