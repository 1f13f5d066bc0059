"""Which places make up which batch: a pure function of seed and step, so that resuming is exact."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import ConfigError


def batch_rows(places: int, batch_size: int, seed: int, step: int) -> NDArray[np.int64]:
    """
    List the places of one batch. No place occurs twice in an epoch.

    Args:
        places: size of the training set.
        batch_size: B; an incomplete last batch of an epoch is dropped.
        seed: of the run.
        step: counted over all epochs, from 0.

    Returns:
        [B] int64, rows of the training set.

    Raises:
        ConfigError: the batch is larger than the training set.

    """
    if batch_size > places:
        raise ConfigError(f"batch_size {batch_size} exceeds the {places} training places")
    epoch, batch = divmod(step, places // batch_size)
    order = _order(places, seed, epoch)
    return order[batch * batch_size : (batch + 1) * batch_size]


@lru_cache(maxsize=2)
def _order(places: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(places)
