"""A procedural town: pairs of panoramas and satellite tiles to learn from, made from a seed."""

from .config import TownConfig
from .writer import TownReport, write_town

__all__ = ["TownConfig", "TownReport", "write_town"]
