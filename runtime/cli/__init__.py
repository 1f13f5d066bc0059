"""Commands: embed images into a gallery, match images against one, look after galleries."""

from .embed import embed
from .gallery import gallery
from .match import match

__all__ = ["embed", "gallery", "match"]
