"""Maps as sources: GeoTIFFs, XYZ folders and MBTiles, cut into tiles of known ground size."""

from .items import MapItems, read_map
from .tile import MapTile, open_locator

__all__ = ["MapItems", "MapTile", "open_locator", "read_map"]
