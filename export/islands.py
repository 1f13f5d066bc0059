"""
FP32 islands: which nodes of a graph stay in FP32 when the rest goes to half.

What a rule or a measurement asks for is grown to the smallest region with one entry and one
exit, so that two casts at most stand at its borders. The head is an island by rule, with one
entry a level; islands that touch become one.
"""

from dataclasses import dataclass

import onnx

from ..runtime.artifact import Artifact
from ..runtime.errors import ArtifactError
from .findings import Findings, Peaks, Reason
from .half_simulation import MOVES_ONLY
from .regions import Dataflow, Region
from .tensor_types import tensor_types

PRODUCTS = frozenset({"Gemm", "MatMul"})
"""In FP32, what TensorRT-RTX does not compile for compute capability 7.5."""


class Island(Artifact):
    """Nodes that stay in FP32."""

    nodes: tuple[str, ...]
    """Their names, in the graph's order."""

    reasons: tuple[Reason, ...]
    """Why: what was asked for. The other nodes lie between."""

    products: tuple[str, ...] = ()
    """The matrix products among them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays in FP32."""

    floating: frozenset[int]
    """Places of those nodes in the graph."""

    islands: tuple[Island, ...]
    """The same by island, with reasons; the head's comes last."""


def plan_islands(model: onnx.ModelProto, peaks: Peaks | None = None) -> Plan:
    """
    Choose the islands of a branch.

    Args:
        model: an FP32 graph of `export_branch`.
        peaks: largest absolute value of each tensor on calibration images; None leaves it at
            what the rules ask for.

    Raises:
        ArtifactError: the graph has no pooling of feature maps, or all of it would be FP32.

    """
    rule = head_of(model)
    if not rule or len(rule) == len(model.graph.node):
        raise ArtifactError("cannot convert to fp16: the graph has no pooling of feature maps")
    findings = Findings(model, _flow_without(model, rule), peaks).all()
    asked = frozenset(place for finding in findings for place in finding.asked)
    head = _Island(rule | _outlets(model, rule, asked), (_head_reason(model, rule),))
    flow = _flow_without(model, head.places)
    islands: list[_Island] = []
    for finding in findings:
        if inside := finding.asked - head.places:
            _add(islands, flow, _Island(inside, (finding.reason,)))
        else:
            head = head.joined(_Island(finding.asked, (finding.reason,)))
    apart = []
    for island in islands:
        way = _way_to(head.places, model, flow, island.places)
        if way is None:
            apart.append(island)
        else:
            head = head.joined(island, way)
    _refuse_if_whole(model, [*apart, head])
    places = frozenset(place for one in (*apart, head) for place in one.places)
    return Plan(places, tuple(one.record(model) for one in (*apart, head)))


@dataclass(frozen=True, slots=True)
class _Island:
    """An island while it grows."""

    places: frozenset[int]
    reasons: tuple[Reason, ...]

    def joined(self, other: "_Island", between: frozenset[int] = frozenset()) -> "_Island":
        return _Island(self.places | other.places | between, self.reasons + other.reasons)

    def record(self, model: onnx.ModelProto) -> Island:
        nodes = [model.graph.node[place] for place in sorted(self.places)]
        return Island(
            nodes=tuple(node.name for node in nodes),
            reasons=self.reasons,
            products=tuple(node.name for node in nodes if node.op_type in PRODUCTS),
        )


def _refuse_if_whole(model: onnx.ModelProto, islands: list[_Island]) -> None:
    if sum(len(one.places) for one in islands) == len(model.graph.node):
        reason = islands[-1].reasons[-1]
        raise ArtifactError(
            "cannot convert to fp16: on the calibration images nothing of the graph may be half: "
            f"{reason.reason} at {reason.node}; export it with --precision fp32"
        )


def head_of(model: onnx.ModelProto) -> frozenset[int]:
    """Walk back from the output; stop at, and include, what consumes feature maps."""
    ranks = {name: len(one.shape) for name, one in tensor_types(model).items()}
    weights = {weight.name for weight in model.graph.initializer}
    producers = {name: p for p, node in enumerate(model.graph.node) for name in node.output}
    head: set[int] = set()
    waiting = [output.name for output in model.graph.output]
    while waiting:
        place = producers.get(waiting.pop())
        if place is None or place in head:
            continue
        head.add(place)
        inputs = [name for name in model.graph.node[place].input if name and name not in weights]
        waiting += [name for name in inputs if ranks.get(name, 4) < 3]
    return frozenset(head)


def _head_reason(model: onnx.ModelProto, head: frozenset[int]) -> Reason:
    said = "pooling, BatchNorm and L2 norm: eps and sums"
    return Reason(kind="rule", node=model.graph.node[min(head)].name, reason=said)


def _flow_without(model: onnx.ModelProto, head: frozenset[int]) -> Dataflow:
    nodes = {p: node for p, node in enumerate(model.graph.node) if p not in head}
    return Dataflow(nodes, [value.name for value in model.graph.input])


def _outlets(model: onnx.ModelProto, head: frozenset[int], asked: frozenset[int]) -> frozenset[int]:
    """Find asked nodes that read one tensor and feed the head alone: it takes them for no cast."""
    flow = _flow_without(model, frozenset())
    found: set[int] = set()
    for place in sorted(asked, reverse=True):
        readers = [one for name in flow.nodes[place].output for one in flow.consumers(name)]
        if readers and len(flow.inputs(place)) == 1 and head | found >= set(readers):
            found.add(place)
    return frozenset(found)


def _add(islands: list[_Island], flow: Dataflow, new: _Island) -> None:
    """Grow a new island to a region; take up those it touches, and grow again."""
    region = flow.region(new.places)
    new = _Island(region.nodes, new.reasons)
    for old in islands:
        if _touch(flow, flow.region(old.places), region):
            islands.remove(old)
            _add(islands, flow, old.joined(new))
            return
    islands.append(new)


def _touch(flow: Dataflow, one: Region, other: Region) -> bool:
    ends = [(_past_moves(flow, one.exit)[0], other.entry)]
    ends += [(_past_moves(flow, other.exit)[0], one.entry)]
    return bool(one.nodes & other.nodes) or any(end == start for end, start in ends)


def _past_moves(flow: Dataflow, tensor: str) -> tuple[str, frozenset[int]]:
    """Skip what only moves numbers: two casts around a Transpose would cancel."""
    passed: set[int] = set()
    while len(readers := flow.consumers(tensor)) == 1:
        node = flow.nodes[readers[0]]
        if node.op_type not in MOVES_ONLY:
            break
        passed.add(readers[0])
        tensor = node.output[0]
    return tensor, frozenset(passed)


def _way_to(
    head: frozenset[int], model: onnx.ModelProto, flow: Dataflow, island: frozenset[int]
) -> frozenset[int] | None:
    """List what lies between an island and the head if they touch; None if they do not."""
    read = {name for place in head for name in model.graph.node[place].input if name}
    end, passed = _past_moves(flow, flow.region(island).exit)
    if end in read:
        return passed
    written = {name for place in island for name in flow.nodes[place].output}
    return frozenset() if written & read else None
