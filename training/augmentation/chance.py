"""The random numbers of one pair: the same whoever prepares it, and beside whomever."""

import hashlib

import numpy as np


def pair_chance(seed: int, epoch: int, place: str) -> np.random.Generator:
    """
    Start the generator of one pair in one epoch.

    Batch size, order, threads and processes have no part in it.

    Args:
        seed: of the run.
        epoch: from 0.
        place: the place's id.

    """
    digest = hashlib.blake2b(place.encode(), digest_size=8).digest()
    return np.random.default_rng([seed, epoch, int.from_bytes(digest, "little")])
