"""The GPU is asked of the driver; a machine without one is no error."""

import pytest

from clnet.benchmarks.machine import gpu
from clnet.benchmarks.machine.gpu import this_gpu
from clnet.runtime.errors import BackendUnavailable


def test_name_and_capability_come_from_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "compute_capability", lambda: "8.7")
    monkeypatch.setattr(gpu, "gpu_name", lambda: "Orin")

    found = this_gpu()

    assert found is not None
    assert (found.name, found.compute_capability) == ("Orin", "8.7")


def test_a_machine_without_a_gpu_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise BackendUnavailable("no NVIDIA driver")

    monkeypatch.setattr(gpu, "gpu_name", none)

    assert this_gpu() is None


@pytest.mark.gpu
def test_a_real_gpu_has_a_name() -> None:
    found = this_gpu()
    if found is None:
        pytest.skip("no NVIDIA GPU")

    assert found.name.isprintable()
    assert found.name
