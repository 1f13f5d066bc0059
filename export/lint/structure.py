"""What is wrong with the file as a file."""

from collections import Counter
from collections.abc import Iterator

from .finding import Finding
from .source import MAX_BYTES
from .subject import Subject

NEAR = 0.9
"""Share of 2 GiB from which on a file is near its end."""

_KNOWN = {
    "topologically sorted": (
        "unsorted-nodes",
        "Sort the nodes so that each comes after those it reads from; if no node makes the "
        "tensor named there, the graph was cut: export it again",
    ),
    "SSA": ("duplicate-tensor", "Give each tensor a name of its own"),
}
"""Words of onnx's checker, the rule they stand for, and the remedy."""


def checker(subject: Subject) -> Iterator[Finding]:
    """Report onnx's own checker, which stops at the first fault."""
    verdict = subject.verdicts.checker
    if verdict is None:
        return
    plain = ("onnx-checker", "The file breaks ONNX's specification there: export it again")
    rule, remedy = next((told for words, told in _KNOWN.items() if words in verdict), plain)
    what = f"onnx refuses the file: {verdict}"
    yield Finding(rule=rule, severity="error", where="file", what=what, remedy=remedy)


def duplicate_node_name(subject: Subject) -> Iterator[Finding]:
    """Find names that several nodes of a graph bear."""
    for scope in subject.scopes:
        names = Counter(node.name for node in scope.nodes if node.name)
        for name, count in names.items():
            if count > 1:
                yield Finding(
                    rule="duplicate-node-name",
                    severity="warning",
                    where=f"{scope.place}node {name}",
                    what=f"{count} nodes bear this name: logs and islands cannot tell them apart",
                    remedy="Give each node a name of its own",
                )


def file_size(subject: Subject) -> Iterator[Finding]:
    """Warn of a file that is about to outgrow its format."""
    size = subject.source.size_bytes
    if size > NEAR * MAX_BYTES:
        yield Finding(
            rule="file-size",
            severity="warning",
            where="file",
            what=f"{size / 2**30:.2f} GiB; no ONNX file can hold 2 GiB",
            remedy="Store weights in half, or split the network",
        )


def external_weights(subject: Subject) -> Iterator[Finding]:
    """Report weights in other files, found or not; clnet-build takes none."""
    yield from subject.source.findings
    if subject.source.external and not subject.source.findings:
        yield Finding(
            rule="external-data",
            severity="warning",
            where="file",
            what="weights lie in other files: clnet-build takes one file, whose hash covers all",
            remedy="Save the model as one file: onnx.save(onnx.load(path), one_file)",
        )
