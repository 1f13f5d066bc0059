"""A deserialized engine: its tensors and profiles, read from the engine itself."""

import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .contract import TensorRecord
from .flavour import Flavour, import_flavour
from .log import RunLog
from .profile import Profile, Range
from .tensorrt_api import TensorRT

if TYPE_CHECKING:
    import tensorrt as trt


class LoadedEngine:
    """
    An engine on the GPU, with what must outlive it.

    `module` stands for `tensorrt` or `tensorrt_rtx`; the names used here and in `execution` exist
    in 10.3, 11 and RTX alike, and a test holds them to that.
    """

    def __init__(self, path: Path, flavour: Flavour) -> None:
        """
        Deserialize an engine.

        Args:
            path: a file that `choose_engine` chose, so its record fits this machine.
            flavour: which TensorRT wrote it.

        Raises:
            BackendUnavailable: the flavour is not installed.
            DeviceFailed: TensorRT refuses the engine.

        """
        self.module: TensorRT = import_flavour(flavour)
        self.flavour = flavour
        self.log = RunLog(self.module)
        self._runtime = self.module.Runtime(self.log.logger)
        # Mapped, not read: on a Jetson a second copy of the weights would come off the same memory.
        with (
            path.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as plan,
        ):
            engine = self._runtime.deserialize_cuda_engine(plan)
        if engine is None:
            raise self.log.failed(f"loading {path}")
        self.engine: trt.ICudaEngine = engine
        names = [self.engine.get_tensor_name(index) for index in range(self.engine.num_io_tensors)]
        modes = self.module.TensorIOMode
        self.inputs = tuple(self._record(name) for name in names if self._mode(name) == modes.INPUT)
        self.outputs = tuple(
            self._record(name) for name in names if self._mode(name) == modes.OUTPUT
        )
        count = self.engine.num_optimization_profiles
        self.profiles = tuple(self._profile(index) for index in range(count))

    def close(self) -> None:
        """Let TensorRT give the weights' memory back; contexts must be gone by then."""
        if hasattr(self, "engine"):
            del self.engine, self._runtime

    def scratch_bytes(self) -> int:
        """Tell how much memory one execution needs for what lies between its tensors."""
        sizes = map(self.engine.get_device_memory_size_for_profile_v2, range(len(self.profiles)))
        return int(max(sizes))

    def layers(self) -> str:
        """Return what the engine inspector tells, as JSON; see `inspector.inspect`."""
        inspector = self.engine.create_engine_inspector()
        return str(inspector.get_engine_information(self.module.LayerInformationFormat.JSON))

    def create_context(self) -> "trt.IExecutionContext":
        """
        Make an execution context whose scratch memory its owner brings.

        RTX compiles its kernels for a shape when it first meets it; it is told to do so at once,
        since a CUDA graph would keep the makeshift ones for ever.

        Raises:
            DeviceFailed: TensorRT has no memory left for it.

        """
        brought = self.module.ExecutionContextAllocationStrategy.USER_MANAGED
        if self.flavour == "tensorrt-rtx":
            context = self.engine.create_execution_context(self._eager(brought))
        else:
            context = self.engine.create_execution_context(brought)
        if context is None:
            raise self.log.failed("create_execution_context")
        return context

    def _eager(self, strategy: "trt.ExecutionContextAllocationStrategy") -> Any:  # noqa: ANN401
        module: Any = self.module  # what RTX alone has
        options: Any = self.engine.create_runtime_config()
        options.set_execution_context_allocation_strategy(strategy)
        eager = module.DynamicShapesKernelSpecializationStrategy.EAGER
        options.dynamic_shapes_kernel_specialization_strategy = eager
        return options

    def _mode(self, name: str) -> "trt.TensorIOMode":
        return self.engine.get_tensor_mode(name)

    def _record(self, name: str) -> TensorRecord:
        dtype = self.engine.get_tensor_dtype(name).name.lower()
        return TensorRecord(name=name, dtype=dtype, shape=tuple(self.engine.get_tensor_shape(name)))

    def _profile(self, index: int) -> Profile:
        shapes, values = {}, {}
        for tensor in self.inputs:
            name = tensor.name
            if self.engine.get_tensor_location(name) == self.module.TensorLocation.HOST:
                found = self.engine.get_tensor_profile_values(index, name)
                values[name] = _range(found)
            else:
                shapes[name] = _range(self.engine.get_tensor_profile_shape(name, index))
        return Profile(shapes=shapes, values=values)


def _range(triple: Any) -> Range:  # noqa: ANN401 - three lists of numbers, or three Dims
    low, middle, high = (tuple(int(number) for number in numbers) for numbers in triple)
    return Range(min=low, opt=middle, max=high)
