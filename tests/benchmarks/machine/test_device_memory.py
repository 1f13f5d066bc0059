"""The most memory that this process held on the GPU."""

import os
from types import SimpleNamespace
from typing import Any

from clnet.benchmarks.machine.device_memory import DeviceMemoryWatch


def test_the_most_of_all_looks_is_kept(fake_nvml: Any) -> None:
    held = SimpleNamespace(pid=os.getpid(), usedGpuMemory=512 * 2**20)
    fake_nvml.tells["ComputeRunningProcesses"] = [held]
    watch = DeviceMemoryWatch()
    watch.peak_mib()
    held.usedGpuMemory = 256 * 2**20

    assert watch.peak_mib() == 512.0


def test_without_a_gpu_nothing_is_held(no_gpu: None) -> None:
    assert DeviceMemoryWatch().peak_mib() is None
