"""One local Ray for all tests of this folder: it takes several seconds to start."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from clnet.runtime.item import Item
from clnet.runtime.scale import RayCluster

TWO_WORKERS = RayCluster(workers=2)


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[RayCluster]:
    """A joined cluster of this machine with room for two workers, which find the store."""
    pytest.importorskip("ray", reason="ray is not installed: clnet[scale]")
    from clnet.runtime.scale.cluster import joined

    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            if find_spec("moto"):
                for name, value in request.getfixturevalue("store").environment.items():
                    patch.setenv(name, value)
            stack.enter_context(joined(TWO_WORKERS, bundle_bytes=0))
        yield TWO_WORKERS


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], list[Item]]:
    """JPEG tiles with coordinates, large enough that decoding takes a while."""
    folder = tmp_path_factory.mktemp("tiles")

    def write(count: int) -> list[Item]:
        return [Item(f"p{n}", tile(folder, n), 60.0 + n / 1000, 25.0) for n in range(count)]

    return write


def tile(folder: Path, seed: int) -> Path:
    path = folder / f"{seed}.jpg"
    if not path.exists():
        coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
        cv2.imwrite(str(path), cv2.resize(coarse, (750, 750)))
    return path
