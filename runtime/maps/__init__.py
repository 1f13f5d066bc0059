"""Maps as sources: GeoTIFFs, XYZ folders and MBTiles, cut into tiles of known ground size."""

from .tile import MapTile, open_locator

__all__ = ["MapTile", "open_locator"]
