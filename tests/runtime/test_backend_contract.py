"""What every backend promises. One that is not installed is skipped with its reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clnet.runtime.backend import Backend
from clnet.runtime.backends import BACKENDS, BackendName, open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import BackendUnavailable, EmbeddingError, ShapeError
from clnet.runtime.preprocess import Preprocess


@pytest.fixture(params=BACKENDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def backend(name: BackendName, tiny_bundle: Bundle) -> Iterator[Backend]:
    with opened(tiny_bundle, name) as branch:
        yield branch


def opened(bundle: Bundle, name: BackendName) -> Backend:
    try:
        return open_backend(bundle, "ground", name)
    except BackendUnavailable as error:
        pytest.skip(str(error))


def batch(preprocess: Preprocess, count: int, seed: int = 0) -> NDArray[np.uint8]:
    shape = (count, preprocess.height, preprocess.width, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("count", [1, 3, 32])
def test_embeddings_are_unit_rows_of_the_documented_shape(backend: Backend, count: int) -> None:
    embeddings = backend.embed(batch(backend.preprocess, count))

    assert embeddings.shape == (count, backend.embedding_dim)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-3)


def test_an_image_embeds_the_same_in_any_batch(backend: Backend) -> None:
    images = batch(backend.preprocess, 5)

    together = backend.embed(images)
    alone = np.concatenate([backend.embed(image[None]) for image in images])

    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_embeddings_are_the_callers_to_keep(backend: Backend) -> None:
    first = backend.embed(batch(backend.preprocess, 2))
    kept = first.copy()

    backend.embed(batch(backend.preprocess, 2, seed=1))

    np.testing.assert_array_equal(first, kept)


def test_an_empty_batch_is_refused(backend: Backend) -> None:
    with pytest.raises(ShapeError, match="at least one image"):
        backend.embed(batch(backend.preprocess, 0))


def test_images_of_another_size_are_refused(backend: Backend) -> None:
    images = batch(backend.preprocess, 2)[:, 1:]

    with pytest.raises(ShapeError, match=r"ground images: expected uint8 \[B, 16, 32, 3\]"):
        backend.embed(images)


def test_floats_are_refused(backend: Backend) -> None:
    with pytest.raises(ShapeError, match=r"expected uint8 .* got float32"):
        backend.embed(batch(backend.preprocess, 2).astype(np.float32))  # type: ignore[arg-type]


@pytest.mark.parametrize("last", ["Identity", "Sqrt"])
def test_a_network_without_unit_vectors_is_an_error(
    name: BackendName, last: str, write_bundle: Callable[..., Path], tmp_path: Path
) -> None:
    """`Identity` leaves the length open; `Sqrt` of negative numbers is NaN."""
    bundle = Bundle.open(write_bundle(tmp_path, last=last))

    with opened(bundle, name) as branch, pytest.raises(EmbeddingError, match="rows of length 1"):
        branch.embed(batch(branch.preprocess, 2))
