"""
A stand-in for the module `tensorrt` that runs a graph with ONNX Runtime on the simulated GPU.

It has the names that TensorRT 10.3, 11 and RTX share, no more, and insists on their rules: shapes
within the profile, aligned addresses of every tensor, scratch memory of the right size, one run of
a shape before it is captured.
"""

import base64
import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from simulated_cuda import SimulatedDevice

from clnet.runtime.engine.profile import Profile

VERSION = "10.3.0"
SCRATCH_BYTES = 5000  # for each row of the largest batch

INSPECTED = '{"Layers": ["body", "head"]}'
"""What the inspector tells: names alone, as of an engine built without details."""

Severity = Enum("Severity", "INTERNAL_ERROR ERROR WARNING INFO VERBOSE")
TensorIOMode = Enum("TensorIOMode", "NONE INPUT OUTPUT")
TensorLocation = Enum("TensorLocation", "DEVICE HOST")
DataType = Enum("DataType", "FLOAT UINT8 INT64")
Strategy = Enum("Strategy", "STATIC ON_PROFILE_CHANGE USER_MANAGED")
LayerInformationFormat = Enum("LayerInformationFormat", "ONELINE JSON")

_TYPES = {
    "tensor(float)": (DataType.FLOAT, np.float32),
    "tensor(uint8)": (DataType.UINT8, np.uint8),
    "tensor(int64)": (DataType.INT64, np.int64),
}


def plan_of(graph: Path, profiles: Sequence[Profile]) -> bytes:
    """Serialize an "engine": a graph and its profiles."""
    text = base64.b64encode(graph.read_bytes()).decode()
    return json.dumps({"graph": text, "profiles": [one.model_dump() for one in profiles]}).encode()


class ILogger:
    Severity = Severity


class Tensor:
    def __init__(self, value: Any, mode: TensorIOMode) -> None:
        self.mode = mode
        self.kind, self.dtype = _TYPES[value.type]
        self.shape = tuple(size if isinstance(size, int) else -1 for size in value.shape)
        # What decides a shape is read on the host, as the matcher's k.
        on_host = self.kind == DataType.INT64 and mode == TensorIOMode.INPUT
        self.location = TensorLocation.HOST if on_host else TensorLocation.DEVICE


class Engine:
    def __init__(self, device: SimulatedDevice, logger: Any, plan: dict[str, Any]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        content = base64.b64decode(plan["graph"])
        self.session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        self.device, self.logger, self.contexts = device, logger, 0
        self.profiles = [Profile.model_validate(one) for one in plan["profiles"]]
        inputs = {
            value.name: Tensor(value, TensorIOMode.INPUT) for value in self.session.get_inputs()
        }
        outputs = {
            value.name: Tensor(value, TensorIOMode.OUTPUT) for value in self.session.get_outputs()
        }
        self.tensors = inputs | outputs
        self.num_io_tensors = len(self.tensors)
        self.num_optimization_profiles = len(self.profiles)

    def get_tensor_name(self, index: int) -> str:
        return list(self.tensors)[index]

    def get_tensor_mode(self, name: str) -> TensorIOMode:
        return self.tensors[name].mode

    def get_tensor_dtype(self, name: str) -> DataType:
        return self.tensors[name].kind

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return self.tensors[name].shape

    def get_tensor_location(self, name: str) -> TensorLocation:
        return self.tensors[name].location

    def get_tensor_profile_shape(self, name: str, profile_index: int) -> list[tuple[int, ...]]:
        found = self.profiles[profile_index].shapes[name]
        return [found.min, found.opt, found.max]

    def get_tensor_profile_values(self, profile_index: int, name: str) -> list[list[int]]:
        found = self.profiles[profile_index].values[name]
        return [list(found.min), list(found.opt), list(found.max)]

    def get_device_memory_size_for_profile_v2(self, profile_index: int) -> int:
        first = next(iter(self.profiles[profile_index].shapes.values()))
        return SCRATCH_BYTES * first.max[0]

    def create_execution_context(self, strategy: Strategy) -> "Context":
        assert strategy == Strategy.USER_MANAGED, "each context would take scratch of its own"
        self.contexts += 1
        return Context(self)

    def create_engine_inspector(self) -> Any:
        return SimpleNamespace(get_engine_information=lambda _: INSPECTED)


class Context:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.profile = 0
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.addresses: dict[str, int] = {}
        self.scratch = (0, 0)
        self.settled: dict[str, tuple[int, ...]] | None = None

    def set_device_memory(self, memory: int, size: int) -> None:
        self.scratch = (memory, size)

    def set_optimization_profile_async(self, profile_index: int, stream_handle: int) -> bool:
        del stream_handle
        self.profile, self.shapes = profile_index, {}
        return profile_index < len(self.engine.profiles)

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        if not self.engine.profiles[self.profile].shapes[name].holds(tuple(shape)):
            return self._refuse(f"{name} {list(shape)} is outside profile {self.profile}")
        self.shapes[name] = tuple(shape)
        return True

    def set_tensor_address(self, name: str, memory: int) -> bool:
        on_device = self.engine.tensors[name].location == TensorLocation.DEVICE
        if not memory or (on_device and memory % 256):
            return self._refuse(f"{name}: address {memory:#x} is not aligned to 256 bytes")
        self.addresses[name] = memory
        return True

    def execute_async_v3(self, stream_handle: int) -> bool:
        device = self.engine.device
        missing = set(self.engine.tensors) - set(self.addresses)
        unshaped = set(self.engine.profiles[self.profile].shapes) - set(self.shapes)
        if missing or unshaped:
            return self._refuse(f"no address or shape: {sorted(missing | unshaped)}")
        address, size = self.scratch
        if size < self.engine.get_device_memory_size_for_profile_v2(self.profile):
            return self._refuse(f"{size} bytes of scratch memory are too little")
        if device.capturing and self.settled != self.shapes:
            return self._refuse("capture of a shape that was never run")
        self.settled = dict(self.shapes)
        shapes, addresses = dict(self.shapes), dict(self.addresses)
        for name in self.engine.profiles[self.profile].values:
            numbers = device.host(addresses[name], 8).view(np.int64).copy()
            if not self.engine.profiles[self.profile].values[name].holds(tuple(numbers)):
                return self._refuse(f"{name} {numbers} is outside profile {self.profile}")
        device.enqueue(
            lambda: self._kernel(shapes, addresses, device.at(address, size)), stream_handle
        )
        return True

    def _kernel(self, shapes: dict[str, Any], addresses: dict[str, int], scratch: Any) -> None:
        engine, device = self.engine, self.engine.device
        scratch[:] = 0xFF  # whatever shared it is gone
        feed = {}
        for name, tensor in engine.tensors.items():
            if tensor.mode == TensorIOMode.INPUT:
                shape = shapes.get(name, tensor.shape)
                size = int(np.prod(shape)) * np.dtype(tensor.dtype).itemsize
                read = device.host if tensor.location == TensorLocation.HOST else device.at
                feed[name] = read(addresses[name], size).view(tensor.dtype).reshape(shape).copy()
        names = [name for name, one in engine.tensors.items() if one.mode == TensorIOMode.OUTPUT]
        for name, result in zip(names, engine.session.run(names, feed), strict=True):
            content = np.frombuffer(result.tobytes(), np.uint8)
            device.at(addresses[name], content.nbytes)[:] = content

    def _refuse(self, words: str) -> bool:
        self.engine.logger.log(Severity.ERROR, words)
        return False


def module_on(device: SimulatedDevice) -> SimpleNamespace:
    """Make the module."""
    module = SimpleNamespace(
        __version__=VERSION,
        __spec__=SimpleNamespace(origin="simulated"),
        ILogger=ILogger,
        TensorIOMode=TensorIOMode,
        TensorLocation=TensorLocation,
        ExecutionContextAllocationStrategy=Strategy,
        LayerInformationFormat=LayerInformationFormat,
        engines=[],
    )

    class Runtime:
        def __init__(self, logger: Any) -> None:
            self._logger = logger

        def deserialize_cuda_engine(self, plan: Any) -> Engine | None:
            try:
                content = json.loads(bytes(plan))
            except ValueError:
                self._logger.log(Severity.ERROR, "Serialization assertion: magic tag mismatch")
                return None
            module.engines.append(Engine(device, self._logger, content))
            return module.engines[-1]

    module.Runtime = Runtime
    return module
