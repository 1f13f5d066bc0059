"""The layouts that a town can be written in, by name."""

from typing import Any

from ....runtime.datasets import Layout
from ....runtime.errors import ConfigError
from .cvact import CvactLayout
from .cvusa import CvusaLayout
from .layout import TownLayout
from .university1652 import University1652Layout
from .vigor import VigorLayout

_LAYOUTS: dict[Layout, TownLayout[Any]] = {
    "cvusa": CvusaLayout(),
    "cvact": CvactLayout(),
    "vigor": VigorLayout(),
    "university1652": University1652Layout(),
}


def town_layout(name: Layout) -> TownLayout[Any]:
    """
    Find a layout by the name that its reader has, too.

    Raises:
        ConfigError: no town can be written so.

    """
    if name not in _LAYOUTS:
        raise ConfigError(f"a town cannot be written as {name!r}: expected one of {list(_LAYOUTS)}")
    return _LAYOUTS[name]
