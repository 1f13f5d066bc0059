"""From a checkpoint to a bundle: it exists whole and proved, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from ..engines.bundle_engines import build_bundle
from ..engines.triton import TritonReport
from ..runtime.artifact import sha256_of
from ..runtime.atomic import directory_written_aside
from ..runtime.bundle import MANIFEST, FileRecord, Manifest, Precision, space_id
from ..runtime.engine.flavour import Flavour
from ..runtime.engine.sidecar import Sidecar
from ..runtime.errors import ArtifactError, ConfigError, GateFailed
from ..runtime.preprocess import VIEWS
from ..runtime.progress import Progress, silent
from ..training.checkpoint import Checkpoint, Source
from .gate import ParityReport, run_gate
from .gate_images import GateImages, noise_images
from .graph import OPSET, export_branch, save
from .graph_certificate import Certificate, GraphCertificate, certify
from .matcher_graph import write_matcher
from .precision import to_half

PACKAGES = ("clnet", "torch", "timm", "onnx", "onnxscript", "onnxslim", "onnxruntime")


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export made and measured."""

    parity: ParityReport
    """The gate's figures."""

    certificate: Certificate
    """Types of every graph."""

    engines: tuple[Sidecar, ...]
    """Records of the engines, if any were asked for."""

    source: Source | None = None
    """Where the weights came from, if they were imported."""

    triton: TritonReport | None = None
    """The model repository, if one was asked for."""


def export_bundle(
    checkpoint: Checkpoint,
    out: Path,
    precision: Precision,
    images: GateImages | None,
    *,
    flavour: Flavour | None = None,
    progress: Progress = silent,
) -> ExportReport:
    """
    Export, prove, build engines, and only then put the bundle in its place.

    Args:
        checkpoint: the trained network.
        out: the bundle's folder. A bundle that is there gives way once the new one is whole.
        precision: fp32, or fp16 (which holds both graphs).
        images: what the gate looks at; None is noise, which fp16 does not accept.
        flavour: which TensorRT to build engines for; None builds none.
        progress: told about the gate and the engines.

    Raises:
        GateFailed: the export is not the network; nothing was written.
        ConfigError: fp16 without images.
        ArtifactError: `out` is something else than a bundle, or cannot be written.
        ClnetError: as `run_gate` and `build_bundle`.

    """
    if images is None and precision == "fp16":
        raise ConfigError("fp16 is trusted on real images only: give --data, or two image folders")
    if out.exists() and not (out / MANIFEST).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise ArtifactError(f"{out} exists and is no bundle: choose another place or remove it")
    with directory_written_aside(out, replace=True) as folder:
        precisions: tuple[Precision, ...] = ("fp32", "fp16") if precision == "fp16" else ("fp32",)
        certificate = Certificate(graphs=_write_graphs(checkpoint, folder, precisions))
        parity = _pass_gate(checkpoint, folder, precisions, images, progress)
        certificate.write(folder / "certificate.json")
        parity.write(folder / "parity.json")
        _manifest(checkpoint, folder, precision, parity).write(folder / MANIFEST)
        engines = build_bundle(folder, flavour, progress=progress) if flavour else []
    return ExportReport(parity, certificate, tuple(engines), checkpoint.source)


def embedding_space_id(checkpoint: Checkpoint) -> str:
    """Hash weights, preprocessing and head: 32 hexadecimal digits."""
    network = checkpoint.network.config.model_dump(mode="json")
    return space_id(checkpoint.weights_sha256, network)


def _write_graphs(
    checkpoint: Checkpoint, folder: Path, precisions: Sequence[Precision]
) -> tuple[GraphCertificate, ...]:
    certificates = []
    for view in VIEWS:
        (folder / view).mkdir()
        checkpoint.network.config.preprocess(view).write(folder / view / "preprocess.json")
        full = export_branch(checkpoint.network, view)
        save(full, folder / view / "model.fp32.onnx")
        certificates.append(certify(f"{view}/model.fp32.onnx", full))
        if "fp16" in precisions:
            half = to_half(full)
            save(half.model, folder / view / "model.fp16.onnx")
            certificates.append(certify(f"{view}/model.fp16.onnx", half.model, half.islands))
    write_matcher(folder / "matcher.onnx", checkpoint.network.embedding_dim, OPSET)
    return tuple(certificates)


def _pass_gate(
    checkpoint: Checkpoint,
    folder: Path,
    precisions: Sequence[Precision],
    images: GateImages | None,
    progress: Progress,
) -> ParityReport:
    with TemporaryDirectory() as scratch:
        seen = images or noise_images(checkpoint.network.config, Path(scratch))
        parity = run_gate(checkpoint.network, folder, precisions, seen, progress)
    if parity.faults:
        raise GateFailed(f"the export is not the network: {'; '.join(parity.faults)}")
    return parity


def _manifest(
    checkpoint: Checkpoint, folder: Path, precision: Precision, parity: ParityReport
) -> Manifest:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return Manifest(
        embedding_space_id=embedding_space_id(checkpoint),
        embedding_dim=checkpoint.network.embedding_dim,
        precision=precision,
        network=checkpoint.network.config.model_dump(mode="json"),
        source_checkpoint_sha256=checkpoint.weights_sha256,
        opset=OPSET,
        retrieval="measured" if parity.retrieval else "not measured",
        versions={name: _version(name) for name in PACKAGES},
        files={
            path.relative_to(folder).as_posix(): FileRecord(
                sha256=sha256_of(path), size_bytes=path.stat().st_size
            )
            for path in files
        },
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
