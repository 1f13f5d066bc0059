"""How an export and a verification are shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..runtime.artifact import Artifact
from ..runtime.bundle import Bundle
from .bundle_writer import ExportRefused, ExportReport
from .gate.parity_report import ParityReport
from .gate.retrieval import RetrievalParity
from .gate.tensor_parity import TensorParity
from .graph_certificate import Certificate, GraphCertificate


class ExportSummary(Artifact):
    """What `clnet-export --json` writes, whatever the gate says."""

    parity: ParityReport
    """The gate's figures."""

    certificate: Certificate
    """Types of every graph."""

    engines: tuple[str, ...]
    """Keys of the engines that were built."""


def summary(report: ExportReport) -> ExportSummary:
    """Gather what is worth keeping beside the bundle."""
    keys = tuple(engine.key for engine in report.engines)
    return ExportSummary(parity=report.parity, certificate=report.certificate, engines=keys)


@contextmanager
def refusal_kept(path: Path | None) -> Iterator[None]:
    """Write what the gate found to `path`, too, when it refuses an export."""
    try:
        yield
    except ExportRefused as refused:
        if path is not None:
            found = ExportSummary(
                parity=refused.parity, certificate=refused.certificate, engines=()
            )
            found.write(path)
        raise


def describe_export(report: ExportReport, bundle: Bundle) -> str:
    """Say on a few lines what was made and how close it comes to PyTorch."""
    parity = report.parity
    lines = [f"{bundle.path}: embedding space {bundle.manifest.embedding_space_id}"]
    if report.source is not None:
        lines.append(f"  {report.source.line()}")
    lines += [
        f"  {one.view:9} {one.precision}  min cosine {one.min_cosine:.7f}  "
        f"max difference {one.max_difference:.1e}  norm off by {one.max_norm_error:.0e}"
        for one in parity.embeddings
    ]
    lines += [_worst_tensor(one) for one in parity.tensors if one.worst]
    lines += [_retrieval(one) for one in parity.retrieval]
    if not parity.retrieval:
        lines.append(f"  retrieval: not measured (images: {parity.images})")
    lines += [line for one in report.certificate.graphs for line in _graph(one)]
    return "\n".join(lines)


def _worst_tensor(parity: TensorParity) -> str:
    worst = parity.worst[0]
    if worst.relative_error == 0:
        return f"  {parity.view:9} {parity.precision}  all {parity.compared} tensors are equal"
    return (
        f"  {parity.view:9} {parity.precision}  worst of {parity.compared} tensors: "
        f"{worst.node} ({worst.op_type}), relative error {worst.relative_error:.1e}"
    )


def _retrieval(parity: RetrievalParity) -> str:
    deltas = (parity.delta_recall_at_1, parity.delta_recall_at_5, parity.delta_recall_at_10)
    return (
        f"  retrieval {parity.name}: R@1 {parity.recall_at_1:.2f}  ΔR@1/5/10 "
        f"{'/'.join(f'{delta:+.2f}' for delta in deltas)}  lost {parity.lost}, gained "
        f"{parity.gained} of {parity.queries} (at most {parity.lost_rate_high:.2%} at 95 %)  "
        f"top-10 overlap {parity.top10_overlap:.4f}"
    )


def _graph(graph: GraphCertificate) -> Iterator[str]:
    yield (
        f"  {graph.graph}: {graph.nodes} nodes, {graph.casts} cast{'s' * (graph.casts != 1)}, "
        f"{graph.half_share:.1%} of tensors half"
    )
    if graph.calibration is not None:
        name, peak = next(iter(graph.calibration.largest.items()))
        yield (
            f"    FP32 islands: {len(graph.islands)}; on {graph.calibration.images} images "
            f"({graph.calibration.source}) half reaches {peak:.4g} ({name}), limit "
            f"{graph.calibration.overflow_limit:g}"
        )
        yield from (f"    no engine for {gpu}: {why}" for gpu, why in graph.left_out.items())
    for island in graph.islands:
        measured = [one for one in island.reasons if one.kind == "measurement"]
        if measured:
            one = measured[0]
            yield (
                f"    FP32, {len(island.nodes)} nodes: {one.reason} at {one.node} "
                f"({one.measured:.4g}, limit {one.limit:.4g})"
            )
