"""Past one machine: the same embedder as Ray Data actors, and one writer of the gallery."""

from .cluster import AUTO, LOCAL, RayCluster
from .embedder import ray_embedder
from .run import embed_into_with_ray

__all__ = ["AUTO", "LOCAL", "RayCluster", "embed_into_with_ray", "ray_embedder"]
