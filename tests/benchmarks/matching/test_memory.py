"""What all processes of a gallery hold is compared with what is free."""

from pathlib import Path

import pytest

from clnet.benchmarks.matching.memory import check_memory
from clnet.runtime.errors import ConfigError

GIB_OF_KIB = 2**20


def free(tmp_path: Path, gib: float) -> Path:
    path = tmp_path / "meminfo"
    path.write_text(f"MemTotal: 99999999 kB\nMemAvailable: {int(gib * GIB_OF_KIB)} kB\n")
    return path


def test_what_fits_is_let_through_and_what_does_not_is_refused(tmp_path: Path) -> None:
    # 2 x (1 GiB + 0.2 GiB) of vectors and libraries; scores are next to nothing.
    sizes = {"queries": 1, "gallery": 2**18, "dim": 2**10}

    check_memory(("clnet", "read"), **sizes, meminfo=free(tmp_path, 2.5))

    with pytest.raises(ConfigError, match=r"take 2\.4 GiB in 2 processes at once, 2\.3 GiB are"):
        check_memory(("clnet", "read"), **sizes, meminfo=free(tmp_path, 2.3))


def test_a_copy_of_the_gallery_counts(tmp_path: Path) -> None:
    sizes = {"queries": 1, "gallery": 2**18, "dim": 2**10}

    with pytest.raises(ConfigError, match=r"take 3\.4 GiB"):
        check_memory(("clnet", "faiss_flat"), **sizes, meminfo=free(tmp_path, 2.5))


def test_a_system_that_does_not_tell_is_not_guessed_at(tmp_path: Path) -> None:
    check_memory(("clnet",), 1, 10**12, 10**4, meminfo=tmp_path / "none")
