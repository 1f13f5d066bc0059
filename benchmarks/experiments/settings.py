"""From a command's choices to what an experiment is called with."""

from pathlib import Path
from typing import Any

from ...runtime.datasets import Layout
from ...training.train_config import read_train_config


def settings_of(*, config_path: Path, layout: Layout | None, **choice: Any) -> dict[str, Any]:  # noqa: ANN401
    """
    Read the configuration; a layout that was chosen takes the place of its own.

    Raises:
        ConfigError: the file is missing or no configuration.

    """
    config = read_train_config(config_path)
    if layout is not None:
        config = config.changed(layout=layout)
    return {"config": config, **choice}
