"""What every backend promises. One that is not installed is skipped with its reason."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from simulated_engines import add_branch

from clnet.runtime.backend import Backend
from clnet.runtime.backends import BACKENDS, open_backend
from clnet.runtime.bundle import Bundle
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.errors import BackendUnavailable, EmbeddingError, ShapeError
from clnet.runtime.onnxruntime_backend import CPU
from clnet.runtime.preprocess import Preprocess

OPENVINO_BF16 = "openvino bf16"
SIMULATED = "tensorrt (simulated)"
BOUND = "onnxruntime bound to a device (the CPU)"

Open = Callable[[Bundle], Backend]


@pytest.fixture(params=[*BACKENDS, OPENVINO_BF16, SIMULATED, BOUND])
def opened(request: pytest.FixtureRequest) -> Open:
    """Open the ground branch of a bundle; skip where the backend is not here."""
    if request.param == SIMULATED:
        request.getfixturevalue("gpu")
        return simulated
    if request.param == BOUND:
        return bound

    name, _, precision = request.param.partition(" ")

    def open_it(bundle: Bundle) -> Backend:
        try:
            if name == "tensorrt":
                build(bundle)
            return open_backend(bundle, "ground", name, precision or None)
        except BackendUnavailable as error:
            pytest.skip(str(error))

    return open_it


def simulated(bundle: Bundle) -> Backend:
    add_branch(bundle, "ground")
    return open_backend(bundle, "ground", "tensorrt")


def bound(bundle: Bundle) -> Backend:
    from clnet.runtime.onnxruntime_binding import BoundBackend

    graph = bundle.graph("ground")
    return BoundBackend(graph, bundle.preprocess("ground"), provider=CPU, where="cpu")


def build(bundle: Bundle) -> None:
    """Build engines of the flavours that are here, where there is a GPU to run them."""
    from clnet.engines.bundle_engines import build_bundle
    from clnet.engines.target import installed_flavours

    compute_capability()
    for flavour in installed_flavours():
        build_bundle(bundle.path, flavour, parts=["ground"])


@pytest.fixture
def backend(opened: Open, tiny_bundle: Bundle, tmp_path: Path) -> Iterator[Backend]:
    shutil.copytree(tiny_bundle.path, tmp_path / "bundle")
    with opened(Bundle.open(tmp_path / "bundle")) as branch:
        yield branch


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


def test_embeddings_come_in_the_order_of_their_images(backend: Backend) -> None:
    images = batch(backend.preprocess, 5)

    backwards = backend.embed(images[::-1])

    np.testing.assert_allclose(backwards[::-1], backend.embed(images), atol=1e-5)


def test_a_batch_larger_than_any_class_is_embedded_whole(backend: Backend) -> None:
    images = batch(backend.preprocess, 33)

    embeddings = backend.embed(images)

    np.testing.assert_allclose(embeddings[32:], backend.embed(images[32:]), atol=1e-5)


def test_embeddings_are_those_of_the_network(backend: Backend, tiny_bundle: Bundle) -> None:
    from onnx import load
    from onnx.reference import ReferenceEvaluator

    images = batch(backend.preprocess, 3)
    graph = ReferenceEvaluator(load(tiny_bundle.graph("ground")))
    expected = graph.run(None, {"images": backend.preprocess.tensor(images)})[0]

    cosines = (backend.embed(images) * expected).sum(axis=1)

    np.testing.assert_allclose(cosines, 1, atol=1e-4)


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
    opened: Open, last: str, write_bundle: Callable[..., Path], tmp_path: Path
) -> None:
    """`Identity` leaves the length open; `Sqrt` of negative numbers is NaN."""
    bundle = Bundle.open(write_bundle(tmp_path, last=last))

    with opened(bundle) as branch, pytest.raises(EmbeddingError, match="rows of length 1"):
        branch.embed(batch(branch.preprocess, 2))
