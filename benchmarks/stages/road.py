"""The road from a photograph to positions, in the steps of clnet-match."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...runtime.answers.answer import Answer
from ...runtime.backend import Backend
from ...runtime.gallery import Gallery
from ...runtime.item import Item
from ...runtime.matcher import Matcher
from ...runtime.matching_run import TOP_K, search
from ..measuring.worker import Part
from .fitting import Fitting


class Road:
    """One photograph after another; each step goes on from the one before."""

    embedding: NDArray[np.float32]
    """[1, D] of the photograph."""

    answer: Answer
    """Its best places, with their positions."""

    def __init__(
        self, branch: Backend, matcher: Matcher, gallery: Gallery, items: Sequence[Item]
    ) -> None:
        """
        Take what is open already.

        Args:
            branch: of the photographs.
            matcher: of the same bundle.
            gallery: what to search.
            items: the photographs.

        """
        self._branch = branch
        self._matcher = matcher
        self._gallery = gallery
        self._rows = np.arange(len(gallery))
        self._fitting = Fitting(branch.preprocess, items)

    @property
    def parts(self) -> dict[str, Part]:
        """The steps in their order, by stage."""
        return {
            "decode": self._fitting.decode,
            "preprocess": self._fitting.preprocess,
            "embed": self._embed,
            "match": self._match,
        }

    def _embed(self) -> None:
        self.embedding = self._branch.embed(self._fitting.fitted[np.newaxis])

    def _match(self) -> None:
        k = places_found(len(self._gallery))
        item = self._fitting.item
        (self.answer,) = search(self._matcher, self._gallery, self._rows, [item], self.embedding, k)


def places_found(gallery: int) -> int:
    """Tell K: as many places as clnet-match finds where nobody says how many."""
    return min(TOP_K, gallery)
