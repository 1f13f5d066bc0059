"""Clocks come from the system's files, in MHz."""

from pathlib import Path

import pytest

from clnet.benchmarks.machine import clocks
from clnet.benchmarks.machine.clocks import cpu_mhz, devfreq_gpu_mhz

CPUINFO = "processor : 0\ncpu MHz\t\t: 2000.000\n\nprocessor : 1\ncpu MHz\t\t: 3000.500\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CPUS", "CPUINFO", "DEVFREQ"):
        monkeypatch.setattr(clocks, name, tmp_path / name)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_cores_asked_for_are_averaged(files: Path) -> None:
    for core, kilohertz in enumerate((1_000_000, 2_000_000, 9_000_000)):
        write(files / f"CPUS/cpu{core}/cpufreq/scaling_cur_freq", f"{kilohertz}\n")

    assert cpu_mhz({0, 1}) == 1500.0


def test_a_core_that_is_switched_off_does_not_count(files: Path) -> None:
    write(files / "CPUS/cpu0/cpufreq/scaling_cur_freq", "1728000\n")
    write(files / "CPUS/cpu1/cpufreq/scaling_cur_freq", "<unknown>\n")

    assert cpu_mhz({0, 1, 2}) == 1728.0


def test_without_cpufreq_the_processors_list_tells(files: Path) -> None:
    write(files / "CPUINFO", CPUINFO)

    assert cpu_mhz({0}) == 2500.25


@pytest.mark.parametrize("gpu", ["17000000.gpu", "17000000.ga10b", "gpu-gpc-0"])
def test_a_jetsons_gpu_is_told_from_its_other_engines(files: Path, gpu: str) -> None:
    write(files / f"DEVFREQ/{gpu}/cur_freq", "1300500000\n")
    write(files / "DEVFREQ/15340000.vic/cur_freq", "115200000\n")

    assert devfreq_gpu_mhz() == 1300.5


def test_a_system_that_tells_nothing_has_no_clocks() -> None:
    assert (cpu_mhz({0}), devfreq_gpu_mhz()) == (None, None)
