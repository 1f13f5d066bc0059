"""What a gallery is, in figures."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..artifact import Artifact
from ..preprocess import View
from .index_search import index_of, unindexed_places
from .location import Location
from .reader import Gallery
from .table import NumberFormat
from .upkeep import count_fragments


class GallerySummary(Artifact):
    """A gallery in figures."""

    location: str
    """Where it lies."""

    places: int
    """N."""

    embedding_dim: int
    """D."""

    number_format: NumberFormat
    """How the numbers are stored."""

    view: View
    """The branch that made them."""

    embedding_space_id: str
    """Embeddings compare only if it is equal."""

    extent: tuple[float, float, float, float] | None
    """Least longitude, least latitude, greatest of both; WGS84 degrees; None if none is known."""

    unplaced: int
    """Places without coordinates: in no area."""

    table_bytes: int
    """Bytes of the newest version, without its index."""

    folder_bytes: int | None
    """Bytes of the folder with old versions and index; None in object storage."""

    fragments: int
    """Files of rows; `clnet-gallery compact` brings them together."""

    versions: int
    """Versions that can still be opened."""

    index: str | None
    """`ivf_pq` or `ivf_flat`; None where there is none."""

    unindexed: int
    """Places that were added since the index was built or brought up to date."""

    def lines(self) -> str:
        """Write one line for each figure."""
        corner = "longitude {} to {}, latitude {} to {}"
        extent = self.extent and corner.format(*(self.extent[n] for n in (0, 2, 1, 3)))
        size = f"{self.table_bytes:,} bytes"
        if self.folder_bytes is not None:
            size += f" ({self.folder_bytes:,} with old versions and index)"
        index = self.index and f"{self.index}, {self.unindexed:,} places not in it"
        rows = {
            "gallery": self.location,
            "places": f"{self.places:,} ({self.unplaced:,} without coordinates)",
            "embeddings": f"{self.view}, {self.embedding_dim} x {self.number_format}",
            "space": self.embedding_space_id,
            "extent": extent or "unknown",
            "size": size,
            "fragments": f"{self.fragments:,}",
            "versions": f"{self.versions:,}",
            "index": index or "none",
        }
        return "\n".join(f"{name:<11}{value}" for name, value in rows.items())


def summary_of(location: str | Path) -> GallerySummary:
    """
    Look at a gallery.

    Raises:
        ArtifactError: no gallery is there, or it is damaged.

    """
    gallery = Gallery.open(location)
    latitudes, longitudes = gallery.positions()
    known = ~np.isnan(latitudes)
    return GallerySummary(
        location=gallery.location,
        places=len(gallery),
        embedding_dim=gallery.info.embedding_dim,
        number_format=gallery.info.number_format,
        view=gallery.info.view,
        embedding_space_id=gallery.info.embedding_space_id,
        extent=_extent(longitudes[known], latitudes[known]) if known.any() else None,
        unplaced=int((~known).sum()),
        table_bytes=int(gallery.table.stats()["total_bytes"]),
        folder_bytes=_folder_bytes(Location.of(location).folder),
        fragments=count_fragments(gallery.table),
        versions=len(gallery.table.list_versions()),
        index=index_of(gallery),
        unindexed=unindexed_places(gallery),
    )


def _extent(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float, float]:
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _folder_bytes(folder: Path | None) -> int | None:
    if folder is None:
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
