"""The kernel that serves a method best is measured, never assumed."""

from types import TracebackType

import pytest

from clnet.benchmarks.matching import kernels
from clnet.benchmarks.matching.kernels import fastest_kernel, kernel_environment, kernels_to_try


class Stub:
    """Takes the same made-up time in every run."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> "Stub":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing was started."""

    def once_s(self) -> float:
        return self.seconds


def test_the_fastest_kernel_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"unset": 2.3, "Haswell": 0.9, "SkylakeX": 0.6}
    monkeypatch.setattr(kernels, "kernels_to_try", lambda: tuple(seconds))

    chosen = fastest_kernel("faiss", lambda kernel: Stub(seconds[kernel]))  # type: ignore[arg-type, return-value]

    assert chosen == "SkylakeX"


@pytest.mark.parametrize(
    ("machine", "flags", "expected"),
    [
        ("x86_64", {"avx2", "avx512f"}, ("unset", "Haswell", "SkylakeX")),
        ("x86_64", {"avx2"}, ("unset", "Haswell")),
        ("aarch64", {"asimd"}, ("unset",)),
    ],
)
def test_only_kernels_that_the_processor_can_run_are_tried(
    monkeypatch: pytest.MonkeyPatch, machine: str, flags: set[str], expected: tuple[str, ...]
) -> None:
    monkeypatch.setattr(kernels.platform, "machine", lambda: machine)
    monkeypatch.setattr(kernels, "processor_flags", lambda: frozenset(flags))

    assert kernels_to_try() == expected


def test_unset_removes_what_the_shell_had_set() -> None:
    assert kernel_environment("unset", 2)["OPENBLAS_CORETYPE"] is None
    assert kernel_environment("Haswell", 2)["OPENBLAS_CORETYPE"] == "Haswell"
