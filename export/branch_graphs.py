"""The graphs of one branch: FP32, half where images allow it, and what either takes as input."""

from dataclasses import dataclass
from pathlib import Path

import onnx

from ..runtime.bundle import InputType
from ..runtime.preprocess import Preprocess
from ..runtime.progress import Progress, silent
from .calibration import calibrate
from .calibration_images import CalibrationImages
from .findings import Peaks
from .gate.images import files_sha256
from .graph import save
from .graph_certificate import Calibration, GraphCertificate, certify
from .islands import Island
from .precision import HalfGraph, to_half
from .uint8_input import NORMALISATION, with_uint8_input

NEAREST = 5
"""Tensors that a certificate lists."""


@dataclass(frozen=True, slots=True)
class BranchGraphs:
    """Writes the graphs of one branch into a bundle's folder."""

    folder: Path
    """The bundle's; holds a folder of the view's name."""

    preprocess: Preprocess
    """The branch's."""

    full: onnx.ModelProto
    """`export_branch`'s."""

    input_type: InputType = "float32"
    """What the written graphs take."""

    def write_full(self) -> GraphCertificate:
        """Write `model.fp32.onnx`."""
        return self._write("fp32", self.full, (), None)

    def write_half(
        self, images: CalibrationImages, progress: Progress = silent
    ) -> GraphCertificate:
        """
        Calibrate on images, and write `model.fp16.onnx`.

        Raises:
            DataError: an image cannot be read.
            EmbeddingError: the branch is not finite in FP32 already.
            ArtifactError: nothing of the graph may be half.

        """
        files = images.of(self.preprocess.view)
        peaks = calibrate(self.full, self.preprocess, files, progress)
        half = to_half(self.full, peaks)
        calibration = Calibration(
            source=images.source,
            images=len(files),
            images_sha256=files_sha256(files),
            largest=_largest(half, peaks),
        )
        return self._write("fp16", half.model, half.islands, calibration)

    def _write(
        self,
        precision: str,
        model: onnx.ModelProto,
        islands: tuple[Island, ...],
        calibration: Calibration | None,
    ) -> GraphCertificate:
        name = f"{self.preprocess.view}/model.{precision}.onnx"
        if self.input_type == "uint8":
            model = with_uint8_input(model, self.preprocess)
            islands = (NORMALISATION, *islands) if islands else ()
        save(model, self.folder / name)
        return certify(name, model, islands, calibration)


def _largest(half: HalfGraph, peaks: Peaks) -> dict[str, float]:
    floating = {name for island in half.islands for name in island.nodes}
    written = (
        name
        for node in half.model.graph.node
        if node.name not in floating and node.op_type != "Cast"
        for name in node.output
    )
    found = sorted(((peaks[name], name) for name in written if name in peaks), reverse=True)
    return {name: peak for peak, name in found[:NEAREST]}
