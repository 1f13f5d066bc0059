"""Both views of the same places, for evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..runtime.datasets import Place
from ..runtime.preprocess import View
from ..runtime.progress import Progress, silent
from .config import NetworkConfig
from .loading import Images, ViewImages

__all__ = ["Images", "PairedImages", "ViewImages", "paired_images"]


@dataclass(frozen=True, slots=True)
class PairedImages:
    """Both views of the same places: row i of one shows what row i of the other shows."""

    ground: ViewImages
    """One image a place."""

    satellite: ViewImages
    """One image a place."""

    def __len__(self) -> int:
        return len(self.ground)

    def view(self, view: View) -> ViewImages:
        """Return one view's images."""
        return self.ground if view == "ground" else self.satellite


def paired_images(
    places: Sequence[Place],
    network: NetworkConfig,
    *,
    cache_mib: int = 2048,
    progress: Progress = silent,
) -> PairedImages:
    """
    Prepare a data set; decode it now if it fits the cache, else at every use.

    Args:
        places: what to load.
        network: sizes of the two views.
        cache_mib: memory that decoded images may take.
        progress: told about decoding.

    Raises:
        DataError: an image is missing or cannot be decoded (where it is decoded now).

    """
    ground = ViewImages([place.ground for place in places], network.ground)
    satellite = ViewImages([place.satellite for place in places], network.satellite)
    if ground.fitted_bytes + satellite.fitted_bytes <= cache_mib * 2**20:
        ground.keep(progress)
        satellite.keep(progress)
    return PairedImages(ground, satellite)
