"""Energy comes from a counter that is there, or the reasons why none is are said."""

from typing import Any

import pytest

from clnet.benchmarks.machine import energy
from clnet.benchmarks.machine.energy import open_energy_meter
from clnet.runtime.errors import BackendUnavailable


@pytest.fixture(autouse=True)
def no_tegrastats(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise BackendUnavailable("tegrastats: No such file or directory")

    monkeypatch.setattr(energy, "open_tegrastats", missing)


def test_nvml_counts_between_start_and_stop(fake_nvml: Any) -> None:
    meter = open_energy_meter(on_gpu=True)
    meter.start()
    fake_nvml.tells["TotalEnergyConsumption"] += 1_500

    assert meter.stop() == pytest.approx(1.5)
    assert (meter.source, meter.reason) == ("nvml", None)


@pytest.mark.parametrize("then", [5_000_000, 4_000_000, None])
def test_a_counter_that_does_not_move_up_gives_no_figure(fake_nvml: Any, then: int | None) -> None:
    meter = open_energy_meter(on_gpu=True)
    meter.start()
    fake_nvml.tells["TotalEnergyConsumption"] = then

    assert meter.stop() is None


def test_a_method_on_the_cpu_is_not_charged_for_an_idle_gpu(fake_nvml: Any) -> None:
    meter = open_energy_meter(on_gpu=False)

    assert meter.source is None
    assert "runs on the CPU" in (meter.reason or "")


def test_an_absent_meter_says_every_reason_and_has_no_figure(fake_nvml: Any) -> None:
    fake_nvml.tells["TotalEnergyConsumption"] = None
    meter = open_energy_meter(on_gpu=True)
    meter.start()

    assert meter.stop() is None
    assert meter.reason == (
        "no readable energy counter: nvml: this GPU has no energy counter; "
        "tegrastats: No such file or directory"
    )
