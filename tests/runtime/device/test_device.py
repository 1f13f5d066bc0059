"""The two packages behind `Device`, without a GPU: their names, and how their errors read."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from clnet.runtime.device import Device, open_device
from clnet.runtime.device import opening as device_module
from clnet.runtime.device.cuda_python_adapter import CudaPythonDevice
from clnet.runtime.device.pycuda_adapter import PycudaDevice
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.errors import BackendUnavailable, DeviceFailed


class Status(SimpleNamespace):
    """What stands for a cudaError_t."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Status) and self.name == other.name

    __hash__ = None  # type: ignore[assignment]


GOOD = Status(name="cudaSuccess")


RETURNS: dict[str, tuple[Any, ...]] = {
    "cudaMemGetInfo": (5000, 9000),
    "cudaMalloc": (0x7F00,),
    "cudaStreamCreateWithFlags": (11,),
    "cudaStreamEndCapture": (21,),
    "cudaGraphInstantiate": (31,),
    "cudaEventCreate": (41,),
    "cudaEventElapsedTime": (2.5,),
    "cudaGetErrorString": (b"the words",),
}


class FakeCudart:
    """Takes CUDA's calls down; those in `failing` fail, and the others return what they must."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.failing: dict[str, str] = {}
        self.cudaStreamNonBlocking = 1
        self.cudaError_t = SimpleNamespace(cudaSuccess=GOOD)
        self.cudaMemcpyKind = SimpleNamespace(
            cudaMemcpyHostToDevice="up",
            cudaMemcpyDeviceToHost="down",
            cudaMemcpyDeviceToDevice="across",
        )
        self.cudaStreamCaptureMode = SimpleNamespace(
            cudaStreamCaptureModeThreadLocal="thread local"
        )

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> tuple[Any, ...]:
            self.calls.append((name, *arguments))
            if name in self.failing:
                return (Status(name=self.failing[name]), None)
            return (GOOD, *RETURNS.get(name, ()))

        return call


@pytest.fixture
def cudart(monkeypatch: pytest.MonkeyPatch) -> FakeCudart:
    fake = FakeCudart()
    bindings = ModuleType("cuda.bindings")
    bindings.runtime = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cuda", ModuleType("cuda"))
    monkeypatch.setitem(sys.modules, "cuda.bindings", bindings)
    return fake


def test_copies_say_which_way_they_go_and_how_much(cudart: FakeCudart) -> None:
    device, memory = CudaPythonDevice(), np.zeros(64, np.uint8)
    cudart.calls.clear()

    device.upload(0x100, memory, 11)
    device.download(memory, 0x200, 11)
    device.copy(0x300, 0x400, 32, 11)

    here = memory.ctypes.data
    assert cudart.calls == [
        ("cudaMemcpyAsync", 0x100, here, 64, "up", 11),
        ("cudaMemcpyAsync", here, 0x200, 64, "down", 11),
        ("cudaMemcpyAsync", 0x300, 0x400, 32, "across", 11),
    ]


def test_a_graph_is_captured_instantiated_and_its_template_destroyed(cudart: FakeCudart) -> None:
    device = CudaPythonDevice()
    cudart.calls.clear()

    graph = device.capture(11, lambda: cudart.calls.append(("work",)))

    assert graph == 31
    assert cudart.calls == [
        ("cudaStreamBeginCapture", 11, "thread local"),
        ("work",),
        ("cudaStreamEndCapture", 11),
        ("cudaGraphInstantiate", 21, 0),
        ("cudaGraphDestroy", 21),
    ]


def test_an_error_while_capturing_ends_the_capture_and_is_the_one_told(
    cudart: FakeCudart,
) -> None:
    def work() -> None:
        raise DeviceFailed("execute_async_v3", "TensorRT", "no kernel")

    device = CudaPythonDevice()
    cudart.failing["cudaStreamEndCapture"] = "cudaErrorStreamCaptureInvalidated"

    with pytest.raises(DeviceFailed, match="no kernel"):
        device.capture(11, work)
    assert cudart.calls[-1] == ("cudaStreamEndCapture", 11)


def test_the_milliseconds_between_two_events_are_told_in_seconds(cudart: FakeCudart) -> None:
    device = CudaPythonDevice()
    cudart.calls.clear()
    event = device.create_event()

    device.record(event, 11)

    assert device.elapsed_s(event, event) == 0.0025
    device.destroy_event(event)
    assert cudart.calls == [
        ("cudaEventCreate",),
        ("cudaEventRecord", 41, 11),
        ("cudaEventElapsedTime", 41, 41),
        ("cudaEventDestroy", 41),
    ]


def test_an_error_names_call_code_and_words(cudart: FakeCudart) -> None:
    device = CudaPythonDevice()
    cudart.failing["cudaMalloc"] = "cudaErrorMemoryAllocation"

    with pytest.raises(
        DeviceFailed, match="cudaMalloc failed: cudaErrorMemoryAllocation: the words"
    ):
        device.allocate(100)


@pytest.mark.parametrize("code", ["cudaErrorInsufficientDriver", "cudaErrorNoDevice"])
def test_a_missing_driver_or_gpu_makes_the_backend_unavailable(
    cudart: FakeCudart, code: str
) -> None:
    cudart.failing["cudaSetDevice"] = code

    with pytest.raises(BackendUnavailable, match=f"GPU 3 cannot be used: .*{code}"):
        CudaPythonDevice(3)


def test_the_installed_cuda_python_has_every_name_and_takes_plain_numbers() -> None:
    """Without a driver each call must come back with a status, not with a TypeError."""
    runtime: Any = pytest.importorskip("cuda.bindings.runtime", reason="needs cuda-bindings")
    try:
        compute_capability()
        pytest.skip("a driver is here: these handles would be followed")
    except BackendUnavailable:
        pass
    kind = runtime.cudaMemcpyKind
    mode = runtime.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
    calls: list[tuple[Any, ...]] = [
        (runtime.cudaSetDevice, 0),
        (runtime.cudaFree, 0),
        (runtime.cudaMemGetInfo,),
        (runtime.cudaMalloc, 16),
        (runtime.cudaMallocHost, 16),
        (runtime.cudaFreeHost, 256),
        (runtime.cudaStreamCreateWithFlags, runtime.cudaStreamNonBlocking),
        (runtime.cudaStreamDestroy, 256),
        (runtime.cudaStreamSynchronize, 256),
        (runtime.cudaMemcpyAsync, 256, 512, 16, kind.cudaMemcpyHostToDevice, 256),
        (runtime.cudaMemcpyAsync, 256, 512, 16, kind.cudaMemcpyDeviceToHost, 256),
        (runtime.cudaMemcpyAsync, 256, 512, 16, kind.cudaMemcpyDeviceToDevice, 256),
        (runtime.cudaStreamBeginCapture, 256, mode),
        (runtime.cudaStreamEndCapture, 256),
        (runtime.cudaGraphInstantiate, 256, 0),
        (runtime.cudaGraphDestroy, 256),
        (runtime.cudaGraphLaunch, 256, 256),
        (runtime.cudaGraphExecDestroy, 256),
        (runtime.cudaEventCreate,),
        (runtime.cudaEventRecord, 256, 256),
        (runtime.cudaEventElapsedTime, 256, 512),
        (runtime.cudaEventDestroy, 256),
    ]

    for call, *arguments in calls:
        assert call(*arguments)[0] != runtime.cudaError_t.cudaSuccess


def test_without_a_driver_the_installed_cuda_python_says_so() -> None:
    pytest.importorskip("cuda.bindings", reason="needs cuda-bindings")
    try:
        compute_capability()
        pytest.skip("a driver is here")
    except BackendUnavailable:
        pass

    with pytest.raises(BackendUnavailable, match="GPU 0 cannot be used: cudaSetDevice failed"):
        open_device()


class FakeDriver(ModuleType):
    """`pycuda.driver`, as far as it is used."""

    class Error(Exception):
        pass

    class Memory:
        def __init__(self, address: int) -> None:
            self.address, self.freed = address, False

        def __int__(self) -> int:
            return self.address

        def free(self) -> None:
            self.freed = True

    def __init__(self) -> None:
        super().__init__("pycuda.driver")
        self.calls: list[tuple[Any, ...]] = []
        self.stack = 0
        self.memory = self.Memory(0x7F00)

    def init(self) -> None:
        self.calls.append(("init",))

    def Device(self, index: int) -> Any:
        if index:
            raise self.Error("invalid device ordinal")

        def move(step: int) -> None:
            self.stack += step

        context = SimpleNamespace(push=lambda: move(1), pop=lambda: move(-1))
        return SimpleNamespace(retain_primary_context=lambda: context)

    def mem_alloc(self, size_bytes: int) -> Any:
        if size_bytes > 1000:
            raise self.Error("out of memory")
        return self.memory

    def mem_get_info(self) -> tuple[int, int]:
        return 5000, 9000

    def Stream(self, flags: int) -> Any:
        return SimpleNamespace(handle=11, flags=flags, synchronize=lambda: None)

    def Event(self) -> Any:
        def record(stream: Any) -> None:
            self.calls.append(("record", stream.handle))

        return SimpleNamespace(record=record, time_till=lambda end: 2.5)

    def memcpy_htod_async(self, *arguments: Any) -> None:
        self.calls.append(("htod", *arguments[::2]))

    def memcpy_dtoh_async(self, *arguments: Any) -> None:
        self.calls.append(("dtoh", *arguments[1:]))

    def memcpy_dtod_async(self, *arguments: Any) -> None:
        self.calls.append(("dtod", *arguments))


@pytest.fixture
def pycuda(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    fake, package = FakeDriver(), ModuleType("pycuda")
    package.driver = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pycuda", package)
    monkeypatch.setitem(sys.modules, "pycuda.driver", fake)
    monkeypatch.setattr("atexit.register", lambda call: None)
    return fake


def test_pycuda_streams_are_known_by_their_handles(pycuda: FakeDriver) -> None:
    device: Device = PycudaDevice()
    stream = device.create_stream()

    device.upload(0x100, np.zeros(4, np.uint8), stream)
    device.copy(0x300, 0x400, 32, stream)

    assert stream == 11
    (_, target, handed), (_, *copied, across) = pycuda.calls[1:]
    assert (target, copied) == (0x100, [0x300, 0x400, 32])
    assert handed is across
    assert handed.flags == 1  # does not wait for the default stream


def test_pycuda_memory_is_freed_by_its_address(pycuda: FakeDriver) -> None:
    device = PycudaDevice()

    address = device.allocate(100)
    device.free(address)

    assert address == 0x7F00
    assert pycuda.memory.freed
    assert device.free_bytes() == 5000


def test_pycudas_events_tell_seconds_and_record_on_the_stream(pycuda: FakeDriver) -> None:
    device = PycudaDevice()
    start, end = device.create_event(), device.create_event()

    device.record(start, device.create_stream())

    assert pycuda.calls[-1] == ("record", 11)
    assert device.elapsed_s(start, end) == 0.0025
    device.destroy_event(start)
    with pytest.raises(KeyError):
        device.record(start, 11)


def test_pycudas_errors_are_ours(pycuda: FakeDriver) -> None:
    with pytest.raises(DeviceFailed, match="mem_alloc failed: Error: out of memory"):
        PycudaDevice().allocate(2000)
    with pytest.raises(BackendUnavailable, match="GPU 1 cannot be used: invalid device ordinal"):
        PycudaDevice(1)


def test_pycuda_takes_the_context_that_tensorrt_shares(pycuda: FakeDriver) -> None:
    PycudaDevice()

    assert pycuda.stack == 1


def test_pycuda_records_no_graphs_and_says_so(pycuda: FakeDriver) -> None:
    device = PycudaDevice()

    assert not device.captures
    with pytest.raises(DeviceFailed, match="use cuda-python"):
        device.capture(11, lambda: None)


def test_with_neither_package_every_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "is_installed", lambda module: False)

    with pytest.raises(BackendUnavailable) as refusal:
        open_device()

    for extra in ("tensorrt", "jetson6", "jetson7", "pycuda"):
        assert f".[{extra}]" in str(refusal.value)


def test_pycuda_is_taken_where_cuda_python_is_missing(
    pycuda: FakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "is_installed", lambda module: module == "pycuda")

    assert open_device().name == "pycuda"
