"""Past one machine: the same embedder as Ray Data actors, and one writer of the gallery."""

from .cluster import LOCAL, RayCluster
from .run import embed_on_ray

__all__ = ["LOCAL", "RayCluster", "embed_on_ray"]
