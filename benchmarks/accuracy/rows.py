"""From ranks to rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...export.gate.images import files_sha256
from ...runtime.bundle import Bundle
from ...runtime.datasets import Layout, Place
from ..machine.machine import Machine, this_machine, versions_of
from ..records.accuracy_result import AccuracyResult
from .embedded import Embedded
from .pairs import protocol_of
from .shares import lost_share, recall_shares

_PACKAGES = (
    "clnet", "numpy", "opencv-python-headless", "onnxruntime", "onnxruntime-gpu", "openvino",
    "tensorrt", "torch", "timm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """What all rows of a run share; see `AccuracyResult`."""

    network: str
    """Name of the bundle."""

    configuration: dict[str, Any]
    """The network's configuration."""

    data: str
    """Name of the data set's folder."""

    layout: Layout
    """How it lies on disk."""

    data_sha256: str
    """Hash of its images, ground first, as in parity.json."""

    ids: tuple[str, ...]
    """Of the Q places."""

    machine: Machine
    """Where."""

    versions: dict[str, str]
    """Packages."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A method's embeddings and what they find."""

    embedded: Embedded
    """Of Q places."""

    ranks: NDArray[np.int64]
    """[Q], where the true tile ranks; 0 is best."""


def ranked(embedded: Embedded) -> Ranked:
    """Rank by embeddings; errors are those of `Embedded.ranks`."""
    return Ranked(embedded, embedded.ranks())


def run_of(bundle: Bundle, places: Sequence[Place], data: Path, layout: Layout) -> Run:
    """
    Describe a run.

    Raises:
        ArtifactError: an image cannot be read.

    """
    images = [place.ground for place in places] + [place.satellite for place in places]
    return Run(
        network=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        data=data.resolve().name,
        layout=layout,
        data_sha256=files_sha256(images),
        ids=tuple(place.id for place in places),
        machine=this_machine(),
        versions=versions_of(_PACKAGES),
    )


def accuracy_row(run: Run, found: Ranked, reference: Ranked | None) -> AccuracyResult:
    """
    Make a row.

    Args:
        run: what all rows share.
        found: the method's.
        reference: the checkpoint's; None for the reference itself and where there is none.

    """
    embedded, places = found.embedded, len(run.ids)
    compared: dict[str, Any] = {"lost_at_1": None, "moved_queries": None, "min_cosine": None}
    if reference is not None:
        compared = {
            "lost_at_1": lost_share(reference.ranks, found.ranks),
            "moved_queries": moved_queries(run.ids, reference.ranks, found.ranks),
            "min_cosine": embedded.min_cosine(reference.embedded),
        }
    return AccuracyResult(
        versions=run.versions,
        machine=run.machine,
        artifacts={**embedded.artifacts, "data": run.data_sha256},
        configuration=run.configuration,
        network=run.network,
        data=run.data,
        layout=run.layout,
        protocol=f"{run.layout} {protocol_of(run.layout)}",
        backend=embedded.method.backend,
        precision=embedded.method.precision,
        tf32=embedded.tf32,
        queries=places,
        gallery=places,
        recall_at=recall_shares(found.ranks, places),
        **compared,
    )


def moved_queries(
    ids: Sequence[str], before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[str, ...]:
    """List the ids of queries whose true place has another rank; each array is [Q]."""
    return tuple(ids[row] for row in np.flatnonzero(before != after).tolist())
