"""The machine and the versions a figure was measured with."""

import platform
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import NonNegativeFloat, PositiveInt

from ...runtime.artifact import Artifact
from ...runtime.cores import usable_cores
from .gpu import Gpu, this_gpu
from .jetson import jetson_linux, power_mode
from .system_file import text_of

CPUINFO = Path("/proc/cpuinfo")
MEMINFO = Path("/proc/meminfo")
BOARD = Path("/proc/device-tree/model")

_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}


class Machine(Artifact):
    """Where a figure comes from."""

    processor: str
    """The processor's name, with family and model where the name alone says little."""

    board: str | None
    """The board's name, as Jetson tells it; None elsewhere."""

    architecture: str
    """Such as x86_64 or aarch64."""

    cores: PositiveInt
    """Cores this process may use."""

    os: str
    """Kernel and its version."""

    gpu: Gpu | None
    """The GPU, whether a method used it or not; None where there is none."""

    jetson_linux: str | None
    """The release of Jetson Linux, as /etc/nv_tegra_release says it; None elsewhere."""

    power_mode: str | None
    """A Jetson's power mode, number and name, as nvpmodel set it last; None elsewhere."""

    memory_gib: NonNegativeFloat | None = None
    """The host's memory, in GiB, as Linux counts it; a container may be given less."""

    virtual: bool | None = None
    """Whether a hypervisor runs it, whose other guests are not seen; None on ARM, where the
    processor does not tell."""


def this_machine() -> Machine:
    """Describe the machine."""
    return Machine(
        processor=_processor(_cpuinfo()),
        board=text_of(BOARD).strip("\0\n ") or None,
        architecture=platform.machine(),
        cores=usable_cores(),
        os=f"{platform.system()} {platform.release()}",
        gpu=this_gpu(),
        jetson_linux=jetson_linux(),
        power_mode=power_mode(),
        memory_gib=_memory_gib(),
        virtual=_virtual(_cpuinfo()),
    )


def processor_flags() -> frozenset[str]:
    """List the processor's features by Linux's names; nothing where the system does not tell."""
    info = _cpuinfo()
    return frozenset((info.get("flags") or info.get("Features") or "").split())


def has_bf16() -> bool:
    """Tell whether the processor multiplies bfloat16 by itself."""
    return bool(processor_flags() & _BF16_FLAGS)


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Look up installed distributions, and Python; those that are not installed are left out."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor(info: dict[str, str]) -> str:
    name = info.get("model name") or platform.processor() or platform.machine()
    if "cpu family" not in info:
        return name
    return f"{name} (family {info['cpu family']}, model {info.get('model', 'unknown')})"


def _virtual(info: dict[str, str]) -> bool | None:
    return "hypervisor" in info["flags"].split() if "flags" in info else None


def _memory_gib() -> float | None:
    total = re.search(r"^MemTotal: +(\d+) kB$", text_of(MEMINFO), re.MULTILINE)
    return None if total is None else round(int(total[1]) / 2**20, 1)


def _cpuinfo() -> dict[str, str]:
    """Read the first processor's block."""
    first = text_of(CPUINFO).split("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
