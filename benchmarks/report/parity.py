"""How close a bundle's graphs come to PyTorch, as its export found."""

from ...export.gate.parity_report import ParityReport
from ...runtime.bundle import Bundle
from ..tables.table import ABSENT, Head, Table
from .content import Section

_FILE = "parity.json"


def parity(bundle: Bundle) -> Section:
    """
    Make the section of a bundle; without a proof it says so.

    Raises:
        ArtifactError: the proof cannot be read.

    """
    if _FILE not in bundle.manifest.files:
        absent = f"No parity: {bundle.path.name} holds no {_FILE}, so nothing says how close its "
        return Section("Parity", (f"{absent}graphs come to PyTorch. Export it again with images.",))
    found = ParityReport.read(bundle.path / _FILE)
    retrieval = (_retrieval(found),) if found.retrieval else ()
    no_pairs = "Retrieval: not measured, for want of pairs of images."
    words = (
        f"{bundle.path.name}, compared at export with {found.trusted} on {_IMAGES[found.images]}, "
        f"sha256 {found.images_sha256[:16]}…",
        *(f"Fault: {fault}" for fault in found.faults),
        *(() if retrieval else (no_pairs,)),
    )
    return Section("Parity", words, (), (_embeddings(found), _tensors(found), *retrieval))


_IMAGES = {
    "held-out places": "held-out places",
    "folders": "images without pairs",
    "noise": "noise alone, which says little of photographs",
}


def _heads(words: int, *names: str) -> tuple[Head, ...]:
    return tuple(Head(name, is_number=i >= words) for i, name in enumerate(names))


def _embeddings(found: ParityReport) -> Table:
    return Table(
        "Embeddings",
        _heads(2, "view", "graph", "images", "min cosine", "p1 cosine", "median", "max difference"),
        tuple(
            (
                one.view,
                one.precision,
                str(one.images),
                *(f"{cosine:.7f}" for cosine in (one.min_cosine, one.p1_cosine, one.median_cosine)),
                f"{one.max_difference:.1e}",
            )
            for one in found.embeddings
        ),
    )


def _tensors(found: ParityReport) -> Table:
    return Table(
        "Tensors inside the graphs: the one most in error",
        _heads(4, "view", "graph", "tensor", "operator", "compared", "relative error"),
        tuple(
            (
                one.view,
                one.precision,
                *((one.worst[0].tensor, one.worst[0].op_type) if one.worst else (ABSENT, ABSENT)),
                f"{one.compared} of {one.of}",
                f"{one.worst[0].relative_error:.1e}" if one.worst else ABSENT,
            )
            for one in found.tensors
        ),
    )


def _retrieval(found: ParityReport) -> Table:
    return Table(
        f"Retrieval of {found.retrieval[0].queries:,} queries",
        _heads(
            2, "query", "gallery", "R@1 %", "PyTorch %", "lost", "gained", "lost, at most (95 %)",
        ),
        tuple(
            (
                one.query_precision,
                one.gallery_precision,
                f"{one.recall_at_1:.2f}",
                f"{one.recall_at_1_reference:.2f}",
                str(one.lost),
                str(one.gained),
                f"{100 * one.lost_rate_high:.2f} %",
            )
            for one in found.retrieval
        ),
    )  # fmt: skip
