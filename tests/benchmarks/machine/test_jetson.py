"""A Jetson is described by its own files; elsewhere nothing is said of it."""

from pathlib import Path

import pytest

from clnet.benchmarks.machine import jetson
from clnet.benchmarks.machine.jetson import jetson_linux, power_mode

RELEASE = "# R36 (release), REVISION: 4.3, BOARD: generic, EABI: aarch64\n# KERNEL_VARIANT: oot\n"
MODES = "< POWER_MODEL ID=0 NAME=15W >\nCPU 1\n< POWER_MODEL ID=2 NAME=MAXN_SUPER >\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("RELEASE", "POWER_STATUS", "POWER_MODES"):
        monkeypatch.setattr(jetson, name, tmp_path / name)
    return tmp_path


def test_the_release_is_the_first_line(files: Path) -> None:
    (files / "RELEASE").write_text(RELEASE)

    assert jetson_linux() == "R36 (release), REVISION: 4.3, BOARD: generic, EABI: aarch64"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("pmode:0002", "2 MAXN_SUPER"),
        ("pmode:0000 fmode:quiet\n", "0 15W"),
        ("pmode:0007", "7"),
        ("something else", None),
    ],
)
def test_the_power_mode_is_named_where_the_list_names_it(
    files: Path, status: str, expected: str | None
) -> None:
    (files / "POWER_STATUS").write_text(status)
    (files / "POWER_MODES").write_text(MODES)

    assert power_mode() == expected


def test_another_machine_says_nothing() -> None:
    assert (jetson_linux(), power_mode()) == (None, None)
