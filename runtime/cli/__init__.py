"""Commands: embed images into a gallery, match images against one."""

from .embed import embed
from .match import match

__all__ = ["embed", "match"]
