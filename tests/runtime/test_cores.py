import os
from pathlib import Path

import pytest

from clnet.runtime.cores import usable_cores

ALLOWED = len(os.sched_getaffinity(0))


def test_without_a_quota_the_affinity_mask_decides(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == ALLOWED


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000", ALLOWED), ("100000 100000", 1), ("50000 100000", 1), ("1000 0", ALLOWED)],
)
def test_a_quota_of_cgroup_2_cuts_the_cores(tmp_path: Path, quota: str, cores: int) -> None:
    (tmp_path / "cpu.max").write_text(f"{quota}\n")

    assert usable_cores(tmp_path) == cores


def test_half_a_core_more_is_worth_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))
    (tmp_path / "cpu.max").write_text("150000 100000\n")

    assert usable_cores(tmp_path) == 2


@pytest.mark.parametrize(("quota", "cores"), [("-1", ALLOWED), ("100000", 1)])
def test_a_quota_of_cgroup_1_cuts_the_cores(tmp_path: Path, quota: str, cores: int) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")

    assert usable_cores(tmp_path) == cores
