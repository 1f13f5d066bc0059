"""Power is read from tegrastats' lines, and summed over the time that passed."""

import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.benchmarks.machine import tegrastats
from clnet.benchmarks.machine.tegrastats import (
    TOTALS,
    mean_mw,
    open_tegrastats,
    rails_mw,
    total_rails,
)
from clnet.runtime.errors import BackendUnavailable

ORIN_NANO = (
    "11-14-2026 22:28:01 RAM 2943/7620MB (lfb 3x4MB) SWAP 18/3810MB (cached 0MB) "
    "CPU [11%@1510,9%@1510,0%@1510,4%@1510,15%@729,0%@729] EMC_FREQ 2%@2133 GR3D_FREQ 61%@[624] "
    "NVDEC off VIC off APE 200 cpu@49.375C soc2@48.468C soc0@48.687C gpu@48.906C tj@49.375C "
    "VDD_IN 6543mW/6102mW VDD_CPU_GPU_CV 2210mW/1987mW VDD_SOC 1593mW/1553mW"
)
AGX_ORIN = (
    "04-11-2026 10:36:27 RAM 4321/62801MB (lfb 1759x4MB) SWAP 19/31400MB (cached 0MB) "
    "CPU [0%@729,off,0%@729] EMC_FREQ 0%@2133 GR3D_FREQ 0%@[0,0] VIC_FREQ 729 APE 174 "
    "CV0@-256C CPU@44.562C Tboard@32C GPU@-256C tj@44.343C VDD_GPU_SOC 2340mW/2340mW "
    "VDD_CPU_CV 390mW/390mW VIN_SYS_5V0 4025mW/4025mW NC 0mW/0mW "
    "VDDQ_VDD2_1V8AO 301mW/301mW NC 0mW/0mW"
)
AGX_ORIN_JETPACK_7 = (
    "07-25-2026 09:08:28 RAM 20642/62817MB (lfb 1x2MB) CPU [23%@2201] GR3D_FREQ 12%@[1300,1300] "
    "NVENC0 off PVA0_FREQ off APE 174 cpu@52.968C/52.968C VDD_GPU_SOC 5139mW/5139mW/5139mW "
    "VDD_CPU_CV 3268mW/3268mW/3268mW VIN_SYS_5V0 5500mW/5500mW/5500mW"
)
THOR = (
    "RAM 4722/125772MB (lfb 1x512kB) GR3D_FREQ @[1000,1000,1000] APE 150 tj@55.1C "
    "VDD_GPU -392mW/0mW VDD_CPU_SOC_MSS 6510mW/6510mW VIN_SYS_5V0 6520mW/6520mW VIN 23400mW/23000mW"
)
XAVIER_NX = (
    "RAM 2104/7773MB (lfb 815x4MB) SWAP 0/3887MB (cached 0MB) CPU [12%@1190,off,3%@1190] "
    "EMC_FREQ 0% GR3D_FREQ 0% AO@36C GPU@36C PMIC@100C AUX@36C CPU@37C thermal@36.35C "
    "VDD_IN 2903/2903 VDD_CPU_GPU_CV 368/368 VDD_SOC 818/818"
)
AGX_XAVIER = (
    "RAM 1903/15692MB (lfb 3251x4MB) CPU [1%@1190,1%@1190] EMC_FREQ 0% GR3D_FREQ 0% AO@32.5C "
    "GPU@32C Tboard@32C PMIC@100C GPU 0/0 CPU 216/216 SOC 864/864 CV 0/0 VDDRQ 144/144 "
    "SYS5V 1889/1889"
)
NANO = (
    "RAM 613/3964MB (lfb 669x4MB) CPU [2%@102,1%@102] PLL@20C CPU@22.5C PMIC@100C "
    "POM_5V_IN 1022/1153 POM_5V_GPU 0/0 POM_5V_CPU 204/245"
)


@pytest.mark.parametrize(
    ("line", "expected_mw"),
    [
        (ORIN_NANO, 6543),
        (AGX_ORIN, 2340 + 390 + 4025),
        (AGX_ORIN_JETPACK_7, 5139 + 3268 + 5500),
        (THOR, 23400),
        (XAVIER_NX, 2903),
        (AGX_XAVIER, 216 + 864 + 144 + 1889),
        (NANO, 1022),
    ],
)
def test_the_total_of_each_board_is_read(line: str, expected_mw: int) -> None:
    total = total_rails(list(rails_mw(line)))

    assert total is not None
    assert mean_mw([line], total) == (expected_mw, 1)


def test_memory_clocks_and_temperatures_are_no_rails() -> None:
    assert set(rails_mw(ORIN_NANO)) == {"VDD_IN", "VDD_CPU_GPU_CV", "VDD_SOC"}


def test_a_part_of_the_board_is_never_taken_for_the_total() -> None:
    assert total_rails(["VIN_SYS_5V0", "VDD_CPU_CV"]) is None


rail = st.from_regex(r"[A-Z][A-Z0-9_]{0,15}", fullmatch=True)
milliwatts = st.integers(-999, 99_999)


@given(st.dictionaries(rail, st.lists(milliwatts, min_size=2, max_size=3)), st.booleans())
def test_every_rail_of_a_line_comes_back(rails: dict[str, list[int]], unit: bool) -> None:
    mw = "mW" if unit else ""
    told = " ".join(f"{k} {'/'.join(f'{one}{mw}' for one in v)}" for k, v in rails.items())

    found = rails_mw(f"RAM 1/2MB (lfb 3x4MB) CPU [1%@2] {told}")

    assert found == {name: values[0] for name, values in rails.items()}


@given(st.text())
def test_no_text_upsets_the_parser(text: str) -> None:
    assert all(isinstance(value, int) for value in rails_mw(text).values())


@given(st.lists(st.integers(0, 99_999), min_size=1), st.sampled_from(TOTALS))
def test_the_mean_is_that_of_whole_lines(values: list[int], total: tuple[str, ...]) -> None:
    zeros = " ".join(f"{name} 0mW/0mW" for name in total[1:])
    lines = [f"{total[0]} {value}mW/0mW {zeros}" for value in values]

    mean, count = mean_mw([*lines, f"{total[0]} 99"], total)

    assert count == len(values)
    assert mean == pytest.approx(sum(values) / len(values))


def test_no_line_has_no_count() -> None:
    assert mean_mw([], ("VDD_IN",)) == (0.0, 0)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to be written, which is run in tegrastats' place."""
    path = tmp_path / "tegrastats"
    monkeypatch.setattr(tegrastats, "COMMAND", str(path))
    monkeypatch.setattr(tegrastats, "_PATIENCE_S", 30.0)
    return path


def write(command: Path, line: str, pause_s: float) -> None:
    # exec: the process that prints is the one that is ended.
    program = (
        f"import time\nwhile True:\n    print({line!r}, flush=True)\n    time.sleep({pause_s})\n"
    )
    command.with_suffix(".py").write_text(program)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "{command.with_suffix(".py")}"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)


def test_energy_is_mean_power_by_time(command: Path) -> None:
    write(command, "VDD_IN 5000mW/1mW", pause_s=0.02)
    meter = open_tegrastats()
    meter.start()
    start_s = time.perf_counter()
    time.sleep(0.3)
    asked_s = time.perf_counter() - start_s

    joules = meter.stop()

    assert meter.source == "tegrastats VDD_IN"
    assert joules is not None
    assert 5.0 * asked_s <= joules <= 5.0 * (asked_s + 5.0)


def test_too_few_lines_for_the_time_give_no_figure(command: Path) -> None:
    write(command, "VDD_IN 5000mW/1mW", pause_s=60.0)
    meter = open_tegrastats()
    meter.start()
    time.sleep(0.3)

    assert meter.stop() is None


def test_a_meter_starts_again(command: Path) -> None:
    write(command, "VDD_IN 5000mW/1mW", pause_s=0.02)
    meter = open_tegrastats()
    for _ in range(2):
        meter.start()
        time.sleep(0.15)
        assert meter.stop()


def test_a_board_whose_rails_are_unknown_is_refused_with_their_names(command: Path) -> None:
    write(command, "RAM 1/2MB VDD_NEW 5mW/5mW", pause_s=0.02)

    with pytest.raises(BackendUnavailable, match="VDD_NEW"):
        open_tegrastats()


def test_a_command_that_prints_nothing_is_not_waited_for(
    command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tegrastats, "_PATIENCE_S", 0.2)
    command.write_text("#!/bin/sh\nexec sleep 60\n")
    command.chmod(0o755)
    start_s = time.perf_counter()

    with pytest.raises(BackendUnavailable, match="none"):
        open_tegrastats()

    assert time.perf_counter() - start_s < 30


def test_a_machine_without_tegrastats_says_so(command: Path) -> None:
    with pytest.raises(BackendUnavailable, match="tegrastats: No such file"):
        open_tegrastats()
