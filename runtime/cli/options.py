"""What the commands of this folder share: types of options, and how unreadable images end."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cv2

from ..console import NO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..embedder import Failure


BACKENDS_HELP = "onnxruntime (CPU), onnxruntime-cuda, onnxruntime-tensorrt or tensorrt (engines)."

ANY_PATH = click.Path(path_type=Path)
POSITIVE = click.IntRange(min=1)


def silence_decoders() -> None:
    """Keep OpenCV quiet: what it cannot decode is in our own list, with the file's name."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def exit_with(failures: "Sequence[Failure]") -> None:
    """List unreadable images on standard error and exit with status 1, if there are any."""
    for failure in failures:
        click.echo(f"unreadable: {failure.reason}", err=True)
    if failures:
        sys.exit(NO)
