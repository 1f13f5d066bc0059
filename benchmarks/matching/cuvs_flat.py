"""cuVS's exact search, which holds the gallery on the GPU."""

import numpy as np
from numpy.typing import NDArray

from .job import Floats

METRIC = "inner_product"


class CuvsFlat:
    """`cuvs.neighbors.brute_force`, in FP32. A call searches; no other way in is needed."""

    def __init__(self, queries: Floats, gallery: Floats) -> None:
        """
        Bring the gallery to the GPU.

        Args:
            queries: [Q, D], which go to the GPU in every search.
            gallery: [N, D], which stays there.

        """
        from cuvs.common import Resources
        from cuvs.neighbors import brute_force
        from pylibraft.common import device_ndarray

        self._queries = queries
        # One handle for all calls: without it, each makes one, and cuBLAS's with it.
        self._resources = Resources()
        # The index looks into these rows instead of copying them, so they must live as long.
        self._rows = device_ndarray(gallery)
        self._index = brute_force.build(self._rows, metric=METRIC, resources=self._resources)
        self._resources.sync()

    def __call__(self, k: int) -> NDArray[np.int64]:
        """Search for the K best of every query; return [Q, K] row numbers, on the host."""
        from cuvs.neighbors import brute_force
        from pylibraft.common import device_ndarray

        queries = device_ndarray(self._queries)
        _, rows = brute_force.search(self._index, queries, k, resources=self._resources)
        self._resources.sync()
        return np.asarray(rows.copy_to_host(), np.int64)
