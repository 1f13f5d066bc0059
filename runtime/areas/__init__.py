"""Parts of the globe that narrow a search: a radius, a box, a polygon, or several at once."""

from .area import Area, Intersection
from .box import Box
from .polygon import Polygon
from .radius import Radius

__all__ = ["Area", "Box", "Intersection", "Polygon", "Radius"]
