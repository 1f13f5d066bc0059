"""How an export and a verification are shown."""

from ..runtime.artifact import Artifact
from ..runtime.bundle import Bundle
from .bundle_writer import ExportReport
from .gate import ParityReport
from .graph_certificate import Certificate


class ExportSummary(Artifact):
    """What `clnet-export --json` writes."""

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
    lines += [
        f"  retrieval {one.precision}  R@1 {one.recall_at_1:.2f} (PyTorch "
        f"{one.recall_at_1_reference:.2f})  lost {one.lost}, gained {one.gained} of {one.queries}"
        f"  top-10 overlap {one.top10_overlap:.4f}"
        for one in parity.retrieval
    ]
    if not parity.retrieval:
        lines.append(f"  retrieval: not measured (images: {parity.images})")
    lines += [
        f"  {one.graph}: {one.nodes} nodes, {one.casts} casts, {one.half_share:.1%} of tensors half"
        for one in report.certificate.graphs
    ]
    return "\n".join(lines)
