"""Where a figure comes from."""

from pathlib import Path

import pytest

from clnet.benchmarks.machine import machine
from clnet.benchmarks.machine.machine import has_bf16, processor_flags, this_machine, versions_of

EPYC = (
    "processor : 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nflags\t\t: fpu {}\n\n"
)


@pytest.mark.parametrize(("flag", "expected"), [("avx512_bf16", True), ("avx2", False)])
def test_the_processor_is_named_with_its_model_and_asked_for_bf16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str, expected: bool
) -> None:
    (tmp_path / "cpuinfo").write_text(EPYC.format(flag) * 2)
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")

    assert this_machine().processor == "AMD EPYC (family 25, model 17)"
    assert processor_flags() == {"fpu", flag}
    assert has_bf16() is expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [("flags : fpu hypervisor", True), ("flags : fpu", False), ("Features : asimd", None)],
)
def test_a_virtual_machine_is_told_by_its_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, expected: bool | None
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\n{flags}\n")
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")

    assert this_machine().virtual is expected


@pytest.mark.parametrize(
    ("meminfo", "expected"), [("MemTotal:       24684092 kB\nMemFree: 1 kB\n", 23.5), ("", None)]
)
def test_the_hosts_memory_is_told_in_gib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meminfo: str, expected: float | None
) -> None:
    (tmp_path / "meminfo").write_text(meminfo)
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")

    assert this_machine().memory_gib == expected


def test_a_board_is_named_and_a_system_that_tells_nothing_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "nothing")
    (tmp_path / "model").write_bytes(b"NVIDIA Jetson Orin Nano\0")
    monkeypatch.setattr(machine, "BOARD", tmp_path / "model")

    assert this_machine().board == "NVIDIA Jetson Orin Nano"
    assert not has_bf16()


def test_packages_that_are_not_installed_have_no_version() -> None:
    assert set(versions_of(["numpy", "no-such-package"])) == {"python", "numpy"}
