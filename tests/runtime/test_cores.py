"""Quotas of containers, from trees of files as the kernel shows them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clnet.runtime.cores import usable_cores


@pytest.fixture(autouse=True)
def _eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))


class Tree:
    """A cgroup file system and the file that names the process's cgroups."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.membership = folder, folder / "membership"

    def quota_v2(self, cgroup: str, text: str) -> None:
        self._write(cgroup, "cpu.max", text)

    def quota_v1(self, cgroup: str, quota_us: int, period_us: int = 100_000) -> None:
        self._write(cgroup, "cpu.cfs_quota_us", str(quota_us))
        self._write(cgroup, "cpu.cfs_period_us", str(period_us))

    def belongs(self, *lines: str) -> None:
        self.membership.write_text("".join(f"{line}\n" for line in lines))

    def cores(self) -> int:
        return usable_cores(self.folder, self.membership)

    def _write(self, cgroup: str, name: str, text: str) -> None:
        folder = self.folder / cgroup
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text}\n")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_without_a_quota_the_affinity_mask_decides(tree: Tree) -> None:
    assert tree.cores() == 8


def test_this_machines_own_files_can_be_read() -> None:
    assert 1 <= usable_cores() <= 8


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("50000 100000", 1),
        ("1600000 100000", 8),
        ("1000 0", 8),
        ("", 8),
    ],
)
def test_a_quota_of_cgroup_2_cuts_the_cores(tree: Tree, quota: str, cores: int) -> None:
    tree.quota_v2("", quota)

    assert tree.cores() == cores


def test_half_a_core_more_is_worth_a_thread(tree: Tree) -> None:
    tree.quota_v2("", "150000 100000")

    assert tree.cores() == 2


@pytest.mark.parametrize(("quota_us", "cores"), [(-1, 8), (100_000, 1), (250_000, 3)])
def test_a_quota_of_cgroup_1_cuts_the_cores(tree: Tree, quota_us: int, cores: int) -> None:
    tree.quota_v1("cpu", quota_us)

    assert tree.cores() == cores


def test_the_quota_of_a_cgroup_2_below_the_mount_counts(tree: Tree) -> None:
    tree.quota_v2("system.slice/job.service", "300000 100000")
    tree.belongs("0::/system.slice/job.service")

    assert tree.cores() == 3


@pytest.mark.parametrize("controllers", ["cpu", "cpu,cpuacct"])
def test_the_quota_of_a_cgroup_1_below_the_mount_counts(tree: Tree, controllers: str) -> None:
    tree.quota_v1(f"{controllers}/docker/0123", 300_000)
    tree.belongs("5:memory:/docker/4567", f"4:{controllers}:/docker/0123", "0::/")

    assert tree.cores() == 3


def test_a_cgroup_above_binds_the_one_below(tree: Tree) -> None:
    tree.quota_v2("pod", "200000 100000")
    tree.quota_v2("pod/container", "600000 100000")
    tree.belongs("0::/pod/container")

    assert tree.cores() == 2


def test_the_quotas_of_other_cgroups_do_not_count(tree: Tree) -> None:
    tree.quota_v2("pod/other", "100000 100000")
    tree.quota_v1("memory/pod", 100_000)
    tree.belongs("5:memory:/pod", "0::/pod/container")

    assert tree.cores() == 8


def test_a_containers_own_mount_counts_where_the_path_is_the_hosts(tree: Tree) -> None:
    tree.quota_v1("cpu", 400_000)
    tree.belongs("4:cpu,cpuacct:/docker/not/visible/here")

    assert tree.cores() == 4


def test_a_path_that_leaves_the_mount_is_not_followed(tree: Tree, tmp_path: Path) -> None:
    Tree(tmp_path / "mount").quota_v2("../outside", "100000 100000")
    inner = Tree(tmp_path / "mount")
    inner.belongs("0::/../outside")

    assert inner.cores() == 8


@given(quota_us=st.integers(1, 10**9), period_us=st.integers(1, 10**6))
def test_the_cores_carry_the_quota_and_no_core_is_idle(
    tmp_path_factory: pytest.TempPathFactory, quota_us: int, period_us: int
) -> None:
    tree = Tree(tmp_path_factory.mktemp("tree"))
    tree.quota_v2("", f"{quota_us} {period_us}")

    assert tree.cores() == min(8, max(1, -(-quota_us // period_us)))
