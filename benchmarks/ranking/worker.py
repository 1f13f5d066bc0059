"""Ranks, or their product, in a process: `python -m clnet.benchmarks.ranking.worker FOLDER`."""

import sys
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.ranking import BLOCK_ROWS, true_ranks
from ..matching.vectors import VECTORS
from ..measuring.worker import Part, serve

RankingMethod = Literal["clnet_ranks", "product_blocks"]
Floats = NDArray[np.float32]


class RankingJob(Artifact):
    """What a method shall rank."""

    method: RankingMethod
    """How."""

    queries: PositiveInt
    """Q."""

    gallery: PositiveInt
    """N."""

    dim: PositiveInt
    """D."""

    seed: int
    """Of the vectors and of each query's true row."""

    threads: PositiveInt
    """Threads of the product."""


def prepare(line: str) -> dict[str, Part]:
    """Draw the vectors; what follows is the ranking alone."""
    job = RankingJob.model_validate_json(line)
    queries, gallery = VECTORS["random"](job.queries, job.gallery, job.dim, job.seed)
    if job.method == "product_blocks":
        return {"all": _product(queries, gallery)}
    truth = np.random.default_rng(job.seed).integers(job.gallery, size=job.queries)
    return {"all": lambda: true_ranks(queries, gallery, truth)}


def _product(queries: Floats, gallery: Floats) -> Part:
    """Multiply in the blocks of `true_ranks`; each product overwrites the one before."""
    buffer = np.empty(BLOCK_ROWS * BLOCK_ROWS, np.float32)

    def run() -> None:
        for first in range(0, len(queries), BLOCK_ROWS):
            asked = queries[first : first + BLOCK_ROWS]
            for start in range(0, len(gallery), BLOCK_ROWS):
                rows = gallery[start : start + BLOCK_ROWS]
                out = buffer[: len(asked) * len(rows)].reshape(len(asked), len(rows))
                np.matmul(asked, rows.T, out=out)

    return run


if __name__ == "__main__":
    sys.exit(serve(prepare, Path(sys.argv[1])))
