"""How far training took the maps from where they started."""

from collections.abc import Iterator

import numpy as np

from ...runtime.preprocess import VIEWS
from ..experiments.map_figures import Map, effective_share, neural_map, position_std
from ..records.maps_result import MapDriftResult
from .initial import initial_network
from .studied import Studied


def drift_rows(run: Studied) -> Iterator[MapDriftResult]:
    """Compare each map, N^g and N^s of every level, with the one its seed began with."""
    start = initial_network(run.config)
    for level, stage in enumerate(run.network.config.levels):
        for view in VIEWS:
            before, after = (neural_map(one, level, view) for one in (start, run.network))
            channels, height, width = after.shape
            yield MapDriftResult(
                **run.fields,
                run=run.name,
                level=stage,
                view=view,
                channels=channels,
                height=height,
                width=width,
                cosine=cosine(before, after),
                relative_change=relative_change(before, after),
                std_before=position_std(before),
                std_after=position_std(after),
                effective_before=effective_share(before),
                effective_after=effective_share(after),
            )


def cosine(before: Map, after: Map) -> float:
    """Return the cosine of two maps, all numbers of each as one vector; 0 where one is zero."""
    norms = float(np.linalg.norm(before) * np.linalg.norm(after))
    return float((before * after).sum()) / norms if norms else 0.0


def relative_change(before: Map, after: Map) -> float:
    """Return the norm of the difference by the norm at the start."""
    return float(np.linalg.norm(after - before) / max(float(np.linalg.norm(before)), 1e-12))
