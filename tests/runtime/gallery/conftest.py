"""Places with embeddings, and galleries of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.gallery import GalleryInfo, gallery_writer
from clnet.runtime.item import Item

INFO = GalleryInfo("a" * 32, 16, "satellite")
"""What the galleries of these tests hold, unless they say otherwise."""

Rows = Callable[..., NDArray[np.float32]]


@pytest.fixture(scope="session")
def info() -> GalleryInfo:
    return INFO


@pytest.fixture
def items() -> Callable[[int, int], list[Item]]:
    """Places `p<n>` at latitude n / 10 and longitude -n / 10."""

    def make(start: int, stop: int) -> list[Item]:
        return [Item(f"p{n}", Path(f"tiles/{n}.png"), n / 10, -n / 10) for n in range(start, stop)]

    return make


@pytest.fixture
def fill(items: Callable[[int, int], list[Item]], unit_rows: Rows) -> Callable[..., Path]:
    """Write `count` places with the embeddings `unit_rows(count)`, `commit` in one commit."""

    def write(path: Path, count: int, commit: int = 1000, info: GalleryInfo = INFO) -> Path:
        embeddings = unit_rows(count, info.embedding_dim)
        with gallery_writer(path, info) as writer:
            for start in range(0, count, commit):
                stop = min(start + commit, count)
                writer.append(items(start, stop), embeddings[start:stop])
        return path

    return write
