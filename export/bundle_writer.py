"""From a checkpoint to a bundle: it exists whole and proved, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx

from ..engines.bundle_engines import build_bundle
from ..engines.triton import TritonReport
from ..runtime.artifact import sha256_of
from ..runtime.atomic import directory_written_aside
from ..runtime.bundle import MANIFEST, FileRecord, InputType, Manifest, Precision, space_id
from ..runtime.engine.flavour import Flavour
from ..runtime.engine.sidecar import Sidecar
from ..runtime.errors import ArtifactError, ConfigError, GateFailed
from ..runtime.preprocess import VIEWS, View
from ..runtime.progress import Progress, silent
from ..training.checkpoint import Checkpoint, Source
from .branch_graphs import BranchGraphs
from .calibration_images import CalibrationImages, own_images
from .gate.gate import run_gate
from .gate.images import GateImages, noise_images
from .gate.parity_report import ParityReport
from .gate.trusted_graphs import TrustedGraphs
from .graph import OPSET, export_branch
from .graph_certificate import Certificate, GraphCertificate
from .matcher_graph import write_matcher

PACKAGES = ("clnet", "torch", "timm", "onnx", "onnxscript", "onnxslim", "onnxruntime")

Graphs = Mapping[View, onnx.ModelProto]


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


class ExportRefused(GateFailed):
    """The gate's no, with everything that it found."""

    def __init__(self, parity: ParityReport, certificate: Certificate) -> None:
        super().__init__(f"the export is not the network: {parity.headline()}")
        self.parity = parity
        self.certificate = certificate


def export_bundle(
    checkpoint: Checkpoint,
    out: Path,
    precision: Precision,
    images: GateImages | None,
    *,
    calibration: CalibrationImages | None = None,
    input_type: InputType = "float32",
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
        calibration: what fp16's ranges are measured on; None takes the gate's own images.
        input_type: what the graphs take, normalised numbers or pixels.
        flavour: which TensorRT to build engines for; None builds none.
        progress: told about the gate and the engines.

    Raises:
        ExportRefused: the export is not the network; nothing was written.
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
        full = {view: export_branch(checkpoint.network, view) for view in VIEWS}
        if precision == "fp16" and images is not None:
            calibration = calibration or own_images(images)
        else:
            calibration = None
        written = _write_graphs(checkpoint, folder, full, input_type, calibration, progress)
        certificate = Certificate(graphs=written)
        parity = _run_gate(checkpoint, folder, precisions, images, full, progress)
        if parity.faults:
            raise ExportRefused(parity, certificate)
        certificate.write(folder / "certificate.json")
        parity.write(folder / "parity.json")
        manifest = _manifest(checkpoint, folder, precision, input_type, parity)
        manifest.write(folder / MANIFEST)
        engines = build_bundle(folder, flavour, progress=progress) if flavour else []
    return ExportReport(parity, certificate, tuple(engines), checkpoint.source)


def embedding_space_id(checkpoint: Checkpoint) -> str:
    """Hash weights, preprocessing and head: 32 hexadecimal digits."""
    network = checkpoint.network.config.model_dump(mode="json")
    return space_id(checkpoint.weights_sha256, network)


def _write_graphs(
    checkpoint: Checkpoint,
    folder: Path,
    graphs: Graphs,
    input_type: InputType,
    calibration: CalibrationImages | None,
    progress: Progress,
) -> tuple[GraphCertificate, ...]:
    """Write FP32 graphs and, given images to calibrate on, FP16 graphs."""
    certificates = []
    for view in VIEWS:
        (folder / view).mkdir()
        preprocess = checkpoint.network.config.preprocess(view)
        preprocess.write(folder / view / "preprocess.json")
        branch = BranchGraphs(folder, preprocess, graphs[view], input_type)
        certificates.append(branch.write_full())
        if calibration is not None:
            certificates.append(branch.write_half(calibration, progress))
    write_matcher(folder / "matcher.onnx", checkpoint.network.embedding_dim, OPSET)
    return tuple(certificates)


def _run_gate(
    checkpoint: Checkpoint,
    folder: Path,
    precisions: Sequence[Precision],
    images: GateImages | None,
    graphs: Graphs,
    progress: Progress,
) -> ParityReport:
    trusted = TrustedGraphs(graphs)
    with TemporaryDirectory() as scratch:
        seen = images or noise_images(checkpoint.network.config, Path(scratch))
        return run_gate(checkpoint.network, folder, precisions, seen, progress, trusted=trusted)


def _manifest(
    checkpoint: Checkpoint,
    folder: Path,
    precision: Precision,
    input_type: InputType,
    parity: ParityReport,
) -> Manifest:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return Manifest(
        embedding_space_id=embedding_space_id(checkpoint),
        embedding_dim=checkpoint.network.embedding_dim,
        precision=precision,
        input=input_type,
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
