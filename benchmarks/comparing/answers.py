"""What one bundle answers on a data set: ranks of the true places, and the first answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...runtime.bundle import Bundle
from ...runtime.datasets import Place
from ...runtime.progress import Progress, silent
from ...runtime.ranking import BLOCK_ROWS
from ..accuracy.embedded import Embedded, embed_by_backend
from ..latency.rows import Method


@dataclass(frozen=True, slots=True)
class Answers:
    """Of Q places, each a query and a place of the gallery."""

    embedded: Embedded
    """Both views."""

    ranks: NDArray[np.int64]
    """[Q], of the true place; 0 is best, and ties count against the query (`true_ranks`)."""

    first: NDArray[np.int64]
    """[Q], the place that ranks first; of equal ones, the earliest."""


def answers_of(
    bundle: Bundle, places: Sequence[Place], method: Method, progress: Progress = silent
) -> Answers:
    """
    Rank every ground image against every tile of the same places.

    Raises:
        ClnetError: as `embed_by_backend` and `Embedded.ranks`.

    """
    embedded = embed_by_backend(bundle, places, method, progress)
    return Answers(embedded, embedded.ranks(), _first(embedded))


def _first(embedded: Embedded) -> NDArray[np.int64]:
    tiles = embedded.satellite.T
    return np.concatenate(
        [
            np.argmax(embedded.ground[at : at + BLOCK_ROWS] @ tiles, axis=1)
            for at in range(0, len(embedded.ground), BLOCK_ROWS)
        ]
    )
