"""cuVS is called as its documentation says; a stand-in of its interface computes on the host."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clnet.benchmarks.matching import available
from clnet.benchmarks.matching.cuvs_flat import CuvsFlat
from clnet.benchmarks.matching.reference import reference_top_k
from clnet.benchmarks.matching.vectors import unit_vectors


class Array:
    """As `pylibraft.common.device_ndarray`: a copy that only `copy_to_host` gives back."""

    def __init__(self, host: np.ndarray) -> None:  # type: ignore[type-arg]
        self.on_device = host.copy()

    def copy_to_host(self) -> np.ndarray:  # type: ignore[type-arg]
        return self.on_device.copy()


class Resources:
    """Results are there after `sync` and not before."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def sync(self) -> None:
        for work in self.waiting:
            work()
        self.waiting.clear()


def build(
    dataset: Array, metric: str = "sqeuclidean", metric_arg: float = 2.0, *, resources: Resources
) -> SimpleNamespace:
    del metric_arg, resources
    assert isinstance(dataset, Array)
    return SimpleNamespace(rows=dataset.on_device, metric=metric)


def search(
    index: SimpleNamespace, queries: Array, k: int, *, resources: Resources
) -> tuple[Array, Array]:
    assert index.metric == "inner_product"
    assert isinstance(queries, Array)
    scores = queries.on_device @ index.rows.T
    rows = Array(np.full((len(scores), k), -1, np.int64))

    def work() -> None:
        rows.on_device = np.argsort(-scores, axis=1, kind="stable")[:, :k]

    resources.waiting.append(work)
    return Array(np.empty((len(scores), k), np.float32)), rows


@pytest.fixture
def cuvs(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {
        "cuvs": {},
        "cuvs.common": {"Resources": Resources},
        "cuvs.neighbors": {"brute_force": SimpleNamespace(build=build, search=search)},
        "pylibraft": {},
        "pylibraft.common": {"device_ndarray": Array},
    }
    for name, attributes in modules.items():
        module = ModuleType(name)
        vars(module).update(attributes)
        monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.usefixtures("cuvs")
def test_the_rows_are_those_of_the_largest_inner_products() -> None:
    queries, gallery = unit_vectors(5, 16, seed=1), unit_vectors(60, 16, seed=2)
    top_k = CuvsFlat(queries, gallery)

    for k in (1, 7):
        found = top_k(k)
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, reference_top_k(queries, gallery, k))


@pytest.mark.parametrize(
    ("gpu", "installed", "note"),
    [
        (False, True, "there is no GPU: no row of cuVS"),
        (True, False, "cuvs is not installed (pip install cuvs-cu12 or cuvs-cu13): no row of it"),
        (True, True, None),
    ],
)
def test_where_it_cannot_run_one_note_says_why(
    monkeypatch: pytest.MonkeyPatch, gpu: bool, installed: bool, note: str | None
) -> None:
    monkeypatch.setattr(available, "this_gpu", lambda: object() if gpu else None)
    monkeypatch.setattr(available, "is_installed", lambda name: name == "cuvs" and installed)

    methods, notes = available.methods_here()

    assert ("cuvs_flat" in methods) is (note is None)
    assert [one for one in notes if "cuvs" in one.lower()] == ([] if note is None else [note])
