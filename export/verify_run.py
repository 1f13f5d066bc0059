"""What `clnet-verify` does: a bundle must be whole, run, and be the network it came from."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from ..runtime.artifact import Artifact
from ..runtime.backends import BackendName, RunPrecision, open_backend
from ..runtime.bundle import PARTS, Bundle, Precision, space_id
from ..runtime.datasets import Layout
from ..runtime.engine.sidecar import read_verified
from ..runtime.errors import ArtifactError, ConfigError
from ..runtime.preprocess import VIEWS
from ..runtime.progress import Progress, silent
from .gate.parity_report import ParityReport

if TYPE_CHECKING:
    from .gate.images import GateImages


class VerifyReport(Artifact):
    """What was found; the bundle is good if `faults` is empty."""

    files: int
    """Files whose hash is the manifest's."""

    engines: tuple[str, ...]
    """Keys of the engines whose hash is their sidecar's."""

    min_cosine_fp16: float | None = Field(ge=-1.001, le=1.001)
    """FP16 against FP32 graphs on images of noise; None where the bundle has no FP16 graphs, or
    the backend runs none."""

    min_cosine_bf16: float | None = Field(ge=-1.001, le=1.001)
    """The same of bf16; None where the backend is not OpenVINO, or the processor has no bf16."""

    places: int | None
    """Held-out places on which the bundle was compared with its checkpoint, if it was."""

    parity: ParityReport | None
    """What the repeated gate found, and which nodes it blames; None without a checkpoint."""

    faults: tuple[str, ...]
    """What is wrong, one sentence each."""


def describe_verify(report: VerifyReport) -> str:
    """Say on a few lines what was checked and what is wrong."""
    lines = [f"{report.files} files and {len(report.engines)} engines are what they were"]
    cosines = {"fp16": report.min_cosine_fp16, "bf16": report.min_cosine_bf16}
    lines += [
        f"{precision} against fp32 on noise: min cosine {cosine:.6f}"
        for precision, cosine in cosines.items()
        if cosine is not None
    ]
    if report.places is not None:
        lines.append(f"compared with PyTorch on {report.places} held-out places")
    lines += [f"FAULT {fault}" for fault in report.faults]
    lines.append("verified" if not report.faults else f"faults: {len(report.faults)}")
    return "\n".join(lines)


def verify_run(
    path: Path,
    *,
    checkpoint: Path | None = None,
    data: Path | None = None,
    layout: Layout = "cvusa",
    max_places: int = 1000,
    backend: BackendName = "onnxruntime",
    progress: Progress = silent,
) -> VerifyReport:
    """
    Verify a bundle. Only a comparison with a checkpoint needs torch.

    Args:
        path: the bundle.
        checkpoint: the run it was exported from; goes with `data`.
        data: whose held-out places the gate is repeated on.
        layout: how `data` lies on disk.
        max_places: how many of its places are looked at, at most.
        backend: what runs the graphs on noise, in fp32 and in what else it computes in.
        progress: told about every image.

    Raises:
        ArtifactError: the bundle is damaged.
        ConfigError: a checkpoint without data, or data without a checkpoint.

    """
    if (checkpoint is None) != (data is None):
        raise ConfigError("--checkpoint and --data go together")
    bundle = Bundle.open(path)
    engines, faults = _engines(bundle)
    manifest = bundle.manifest
    if manifest.embedding_space_id != space_id(manifest.source_checkpoint_sha256, manifest.network):
        faults.append("manifest.json: the embedding space id is not that of weights and network")
    cosines = _cosines_to_fp32(bundle, backend)
    faults += [
        f"{precision} leaves fp32 on noise: min cosine {cosine:.5f}"
        for precision, cosine in cosines.items()
        if cosine < 0.999
    ]
    places, parity = None, None
    if checkpoint is not None and data is not None:
        from .gate.images import held_out_images

        images = held_out_images(data, layout, max_places)
        places = len(images.ground)
        parity, found = _repeat_gate(bundle, checkpoint, images, progress)
        faults += [*found, *parity.faults]
    return VerifyReport(
        files=len(bundle.manifest.files),
        engines=engines,
        min_cosine_fp16=cosines.get("fp16"),
        min_cosine_bf16=cosines.get("bf16"),
        places=places,
        parity=parity,
        faults=tuple(faults),
    )


def _engines(bundle: Bundle) -> tuple[tuple[str, ...], list[str]]:
    good, faults = [], []
    for part in PARTS:
        for sidecar in sorted(bundle.engines(part).glob("*.json")):
            try:
                good.append(read_verified(sidecar.parent, sidecar.stem).key)
            except ArtifactError as error:
                faults.append(str(error))
    return tuple(good), faults


def _embed_noise(
    bundle: Bundle, backend: BackendName, precision: RunPrecision
) -> list["np.ndarray[tuple[int, ...], np.dtype[np.float32]]"]:
    embedded = []
    for view in VIEWS:
        size = bundle.preprocess(view)
        shape = (4, size.height, size.width, 3)
        noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        with open_backend(bundle, view, backend, precision) as running:
            embedded.append(running.embed(noise))
    return embedded


def _cosines_to_fp32(bundle: Bundle, backend: BackendName) -> dict[RunPrecision, float]:
    """Run the backend in all it computes in; without another precision, see that fp32 runs."""
    full = _embed_noise(bundle, backend, "fp32")
    found: dict[RunPrecision, float] = {}
    for precision in _reduced_precisions(bundle, backend):
        reduced = _embed_noise(bundle, backend, precision)
        pairs = zip(full, reduced, strict=True)
        found[precision] = min(float((a * b).sum(axis=1).min()) for a, b in pairs)
    return found


def _reduced_precisions(bundle: Bundle, backend: BackendName) -> tuple[RunPrecision, ...]:
    if backend == "openvino":
        from ..runtime.openvino_core import has_bf16, open_core

        return ("bf16",) if has_bf16(open_core()) else ()
    has_half = f"{VIEWS[0]}/model.fp16.onnx" in bundle.manifest.files
    return ("fp16",) if has_half else ()


def _repeat_gate(
    bundle: Bundle, checkpoint: Path, images: "GateImages", progress: Progress
) -> tuple[ParityReport, list[str]]:
    from ..training.checkpoint import load_checkpoint
    from .gate.gate import run_gate
    from .gate.trusted_graphs import trusted_graphs

    loaded = load_checkpoint(checkpoint)
    faults = []
    if loaded.weights_sha256 != bundle.manifest.source_checkpoint_sha256:
        faults.append(f"{checkpoint} is not the checkpoint that this bundle was exported from")
    both: tuple[Precision, ...] = ("fp32", "fp16")
    precisions = both if bundle.manifest.precision == "fp16" else both[:1]
    trusted = trusted_graphs(bundle, loaded.network)
    parity = run_gate(loaded.network, bundle.path, precisions, images, progress, trusted=trusted)
    return parity, faults
