"""The files that the guard's processes work on, written once."""

from pathlib import Path

from ...runtime.artifact import Artifact
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ..subjects.photographs import write_photographs
from ..subjects.random_bundle import bundle_to_measure
from .frozen_graph import write_frozen_graph

FILES = 4
"""Small tiles that `embed files` reads."""

_TILE = (128, 128)
_PHOTOGRAPHS: dict[View, tuple[int, int]] = {"ground": (1232, 224), "satellite": (512, 512)}
"""Width and height: CVUSA's panorama, and a tile that takes as long."""


class Material(Artifact):
    """Where the files lie."""

    folder: Path
    """Holds all of them but the bundle."""

    bundle: Path
    """The network to run."""

    @property
    def frozen_graph(self) -> Path:
        """The yardsticks' ONNX file."""
        return self.folder / "frozen.onnx"

    def photograph(self, view: View) -> Path:
        """One JPEG file of a view, of a camera's size."""
        return self.folder / view / "00000.jpg"

    def tiles(self) -> list[Path]:
        """`FILES` small JPEG files."""
        return sorted((self.folder / "tiles").iterdir())


def write_material(folder: Path, config_path: Path, progress: Progress = silent) -> Material:
    """
    Export a configuration's network with random weights, and write graph and files.

    Raises:
        ExtraMissing: the export's extra is not installed.
        ConfigError: an unusable configuration.
        ArtifactError: a file cannot be written.

    """
    bundle = bundle_to_measure(folder, config_path=config_path, progress=progress)
    material = Material(folder=folder / "guard", bundle=bundle.path)
    for view in VIEWS:
        write_photographs(material.folder / view, 1, *_PHOTOGRAPHS[view])
    write_photographs(material.folder / "tiles", FILES, *_TILE)
    write_frozen_graph(material.frozen_graph)
    return material
