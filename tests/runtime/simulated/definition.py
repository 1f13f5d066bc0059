"""What a search must find, by the definition alone."""

import numpy as np
from numpy.typing import NDArray

from clnet.runtime.scanning.candidates import exact_scores

Floats = NDArray[np.float32]


def defined_rows(queries: Floats, gallery: Floats, k: int) -> NDArray[np.int64]:
    """Score every pair in float64; best first, ties in gallery order."""
    query_rows, gallery_rows = np.divmod(np.arange(len(queries) * len(gallery)), len(gallery))
    scores = exact_scores(queries, gallery, query_rows, gallery_rows)
    order = np.argsort(-scores.reshape(len(queries), -1), axis=1, kind="stable")
    return order[:, :k]
