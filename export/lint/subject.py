"""What the rules look at: the file, its graphs, and what onnx says of them."""

from dataclasses import dataclass

from .onnx_opinion import Opinion, Verdicts
from .scope import HALF, Kind, Scope, kind_of, scopes_of
from .source import Source


@dataclass(frozen=True, slots=True)
class Subject:
    """A file taken apart."""

    source: Source
    """The file."""

    verdicts: Verdicts
    """What onnx has against it."""

    scopes: tuple[Scope, ...]
    """Its graphs, the main one first, typed by declaration and inference."""

    computed: dict[str, Kind] | None
    """Types of the main graph that follow from inputs and operators alone, whatever the file
    declares; None where inference fails."""

    @property
    def main(self) -> Scope:
        """The main graph."""
        return self.scopes[0]

    @property
    def half(self) -> bool:
        """True if any node writes half: the graph has been converted."""
        made = (
            (scope, name) for scope in self.scopes for one in scope.nodes for name in one.output
        )
        return any(scope.kind(name).dtype == HALF for scope, name in made)


def take_apart(source: Source, opinion: Opinion) -> Subject:
    """Split a file into scopes."""
    computed = None
    if opinion.computed is not None:
        graph = opinion.computed.graph
        computed = {one.name: kind_of(one) for one in (*graph.value_info, *graph.output)}
    return Subject(source, opinion.verdicts, tuple(scopes_of(opinion.typed)), computed)
