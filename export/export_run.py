"""What `clnet-export` does with its options."""

from dataclasses import dataclass, replace
from pathlib import Path

from ..engines.target import EngineChoice, resolve_engine
from ..engines.triton import check_place, write_triton
from ..runtime.bundle import Bundle, InputType, Precision
from ..runtime.datasets import Layout
from ..runtime.errors import ConfigError
from ..runtime.progress import Progress, silent
from ..training.foreign_weights import open_checkpoint
from ..training.recipes import RecipeName
from .bundle_writer import ExportReport, export_bundle
from .calibration_images import CalibrationImages, split_folders, training_images
from .gate.images import MAX_PLACES, GateImages, folder_images, held_out_images


@dataclass(frozen=True, slots=True)
class ImageChoice:
    """Which images the gate and the calibration shall see, as a user says it."""

    data: Path | None = None
    """A data set: calibration sees training places, the gate held-out ones."""

    layout: Layout = "cvusa"
    """How `data` lies on disk."""

    ground: Path | None = None
    """A folder of ground images; goes with `satellite`."""

    satellite: Path | None = None
    """A folder of tiles; need not belong to `ground`."""

    max_places: int = MAX_PLACES
    """How many places or images the gate looks at, at most."""

    def load(self, precision: Precision) -> tuple[GateImages | None, CalibrationImages | None]:
        """
        Find the gate's files and, for fp16, those to calibrate on; None if none were named.

        Raises:
            ConfigError: both a data set and folders, or one folder alone.
            DataError: there are no such images.

        """
        if (self.ground is None) != (self.satellite is None):
            raise ConfigError("--images-ground and --images-satellite go together")
        if self.data is not None and self.ground is not None:
            raise ConfigError("give --data or two image folders, not both")
        if self.data is not None:
            gate = held_out_images(self.data, self.layout, self.max_places)
            half = precision == "fp16"
            return gate, training_images(self.data, self.layout) if half else None
        if self.ground is not None and self.satellite is not None:
            if precision == "fp16":
                return split_folders(self.ground, self.satellite, self.max_places)
            return folder_images(self.ground, self.satellite, self.max_places), None
        return None, None


def export_run(
    checkpoint: Path,
    out: Path,
    precision: Precision,
    images: ImageChoice,
    engine: EngineChoice,
    progress: Progress = silent,
    *,
    recipe: RecipeName | None = None,
    backbone: str | None = None,
    triton: Path | None = None,
    input_type: InputType = "float32",
) -> ExportReport:
    """
    Load, settle the engines' flavour first (so that nothing is done in vain), export.

    A `.pth` as `checkpoint` goes with a `recipe`, and with a `backbone` unless it is a ConvNeXt.
    `triton` is where a Triton model repository of the bundle shall be.

    Raises:
        ClnetError: as `open_checkpoint`, `resolve_engine`, `ImageChoice.load`, `export_bundle`,
            `write_triton`.

    """
    flavour = resolve_engine(engine)
    if triton is not None:
        check_place(triton)
    gate, calibration = images.load(precision)
    loaded = open_checkpoint(checkpoint, recipe, backbone)
    report = export_bundle(
        loaded,
        out,
        precision,
        gate,
        calibration=calibration,
        input_type=input_type,
        flavour=flavour,
        progress=progress,
    )
    if triton is None:
        return report
    return replace(report, triton=write_triton(Bundle.open(out), triton, report.engines))
