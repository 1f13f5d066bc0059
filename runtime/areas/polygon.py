"""Polygons with holes, drawn straight in longitude and latitude."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .box import Box
from .geojson import Ring, read_polygons


@dataclass(frozen=True, slots=True)
class Polygon:
    """
    One or more polygons, each a ring with holes; edges are straight in longitude and latitude.

    A position is inside a polygon if it lies on one of its edges, or if a line from it crosses
    the rings an odd number of times (even-odd rule). A polygon never crosses the antimeridian:
    RFC 7946, section 3.1.9, asks for one polygon on each side.
    """

    polygons: tuple[tuple[Ring, ...], ...]
    """Each the outer ring, then holes; a ring is closed positions (longitude, latitude)."""

    @classmethod
    def read(cls, path: Path) -> "Polygon":
        """
        Read the polygons of a GeoJSON file (RFC 7946).

        Args:
            path: a Polygon or MultiPolygon, a Feature of one, or a FeatureCollection of these,
                of which any may hold a place; 16 MiB at most.

        Raises:
            DataError: the file cannot be read, is no such GeoJSON, is in another reference
                system, or has a ring that is not closed or off the globe.

        """
        return cls(read_polygons(path))

    @property
    def bounds(self) -> tuple[Box, ...]:
        """The box around all outer rings."""
        corners = np.concatenate([np.asarray(rings[0]) for rings in self.polygons])
        west, south = corners.min(axis=0).tolist()
        east, north = corners.max(axis=0).tolist()
        return (Box(south, west, north, east),)

    def contains(
        self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell which positions lie inside any polygon; shapes as in `Area.contains`."""
        order = np.argsort(latitudes, kind="stable")
        x, y = longitudes[order], latitudes[order]
        inside = np.zeros(len(order), bool)
        for rings in self.polygons:
            inside[order] |= _in_polygon(rings, x, y)
        return inside


def _in_polygon(
    rings: tuple[Ring, ...], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Apply the even-odd rule to positions of rising `y`."""
    odd, on_edge = np.zeros(len(y), bool), np.zeros(len(y), bool)
    for ring in rings:
        for (x0, y0), (x1, y1) in pairwise(ring):
            # Only positions as high as the edge can meet it, and they stand side by side.
            first = np.searchsorted(y, min(y0, y1), side="left")
            last = np.searchsorted(y, max(y0, y1), side="right")
            px, py = x[first:last], y[first:last]
            side = (x1 - x0) * (py - y0) - (px - x0) * (y1 - y0)
            beside = (px >= min(x0, x1)) & (px <= max(x0, x1))
            on_edge[first:last] |= (side == 0) & beside
            crosses = (y0 <= py) != (y1 <= py)
            odd[first:last] ^= crosses & (side > 0 if y1 > y0 else side < 0)
    return odd | on_edge
