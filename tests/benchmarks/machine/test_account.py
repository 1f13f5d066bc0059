"""What a machine can tell is said before anything is measured."""

from typing import Any

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench
from clnet.benchmarks.machine import account as account_module
from clnet.benchmarks.machine import energy
from clnet.benchmarks.machine.account import account
from clnet.benchmarks.machine.machine import Machine
from clnet.runtime.errors import BackendUnavailable


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> None:
    def missing() -> None:
        raise BackendUnavailable("tegrastats: No such file or directory")

    monkeypatch.setattr(account_module, "this_machine", lambda: machine)
    monkeypatch.setattr(energy, "open_tegrastats", missing)


def told() -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in account().splitlines())
    return {name: value.strip() for name, value in pairs}


def test_a_gpu_tells_its_state(fake_nvml: Any) -> None:
    lines = told()

    assert lines["GPU clock"] == "1980 MHz"
    assert lines["GPU power limit"] == "700 W"
    assert lines["energy on the GPU"] == "nvml"


def test_an_idle_gpu_is_not_taken_for_one_that_does_not_tell(fake_nvml: Any) -> None:
    fake_nvml.tells["CurrentClocksEventReasons"] = fake_nvml.nvmlClocksEventReasonGpuIdle

    assert told()["GPU clock"] == "idle"


def test_what_is_not_told_is_a_dash_and_energy_says_why(no_gpu: None) -> None:
    lines = told()

    assert lines["GPU clock"] == lines["throttling"] == "-"
    assert lines["energy on the GPU"].startswith("- (no readable energy counter: nvml: ")


def test_the_command_names_the_folder_of_the_rows(no_gpu: None) -> None:
    result = CliRunner().invoke(bench, ["machine"])

    assert result.exit_code == 0
    assert "benchmarks/results/abacus-2-cores/" in result.output
