"""Rows of likeness: every pair of runs, every map, both comparisons."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import get_args

from ...runtime.errors import ConfigError
from ...runtime.preprocess import VIEWS, View
from ..experiments.map_figures import weights
from ..experiments.row_fields import circumstances
from ..records.maps_result import MapLikenessResult
from .likeness import Compared, likeness
from .studied import Studied


def likeness_rows(runs: Sequence[Studied]) -> Iterator[MapLikenessResult]:
    """
    Compare normalised maps; a single run gives no row.

    Raises:
        ConfigError: two runs have maps of different levels or sizes.

    """
    for a, b in combinations(runs, 2):
        if a.network.config.levels != b.network.config.levels:
            raise ConfigError(f"{a.name} and {b.name} have maps at other stages: not comparable")
        for level in range(len(a.network.config.levels)):
            for view in VIEWS:
                yield from _rows(a, b, level, view)


def _rows(a: Studied, b: Studied, level: int, view: View) -> Iterator[MapLikenessResult]:
    ours, theirs = (weights(run.network, level, view) for run in (a, b))
    if ours.shape != theirs.shape:
        raise ConfigError(
            f"{view} maps of {a.name} are {list(ours.shape)}, of {b.name} {list(theirs.shape)}: "
            "compare runs of one configuration"
        )
    for compared in get_args(Compared):
        found = likeness(ours, theirs, compared)
        yield MapLikenessResult(
            **circumstances(),
            artifacts={"checkpoint a": a.sha256, "checkpoint b": b.sha256},
            run_a=a.name,
            run_b=b.name,
            level=a.network.config.levels[level],
            view=view,
            compared=compared,
            positions=ours[0].size,
            correlation=found.correlation,
            chance_mean=found.chance_mean,
            chance_high=found.chance_high,
            p_value=found.p_value,
            permutations=len(found.chance),
        )
