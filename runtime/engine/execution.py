"""One execution context: a profile, the shapes and addresses of its tensors, and runs."""

from typing import NamedTuple

from .loaded import LoadedEngine


class Scratch(NamedTuple):
    """Device memory for what lies between an engine's tensors; contexts of one stream share it."""

    address: int
    """Where it lies."""

    size_bytes: int
    """At least `LoadedEngine.scratch_bytes()`."""


class Execution:
    """Runs an engine on one stream."""

    def __init__(self, loaded: LoadedEngine, profile: int, stream: int, scratch: Scratch) -> None:
        """
        Make a context and choose its profile.

        Args:
            loaded: the engine; it must outlive this object.
            profile: index of the optimization profile.
            stream: where everything is enqueued.
            scratch: memory that no other stream uses.

        Raises:
            DeviceFailed: TensorRT refuses.

        """
        self._loaded = loaded
        self._stream = stream
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._context = loaded.create_context()
        self._context.set_device_memory(scratch.address, scratch.size_bytes)
        if not self._context.set_optimization_profile_async(profile, stream):
            raise loaded.log.failed("set_optimization_profile_async")

    def shape(self, name: str, shape: tuple[int, ...]) -> None:
        """Set an input's shape; one that is set already costs nothing."""
        if self._shapes.get(name) == shape:
            return
        if not self._context.set_input_shape(name, shape):
            raise self._loaded.log.failed(f"set_input_shape({name!r}, {list(shape)})")
        self._shapes[name] = shape

    def bind(self, name: str, address: int) -> None:
        """Set where a tensor lies: on the device, or on the host for one that decides shapes."""
        if not self._context.set_tensor_address(name, address):
            raise self._loaded.log.failed(f"set_tensor_address({name!r}, {address:#x})")

    def enqueue(self) -> None:
        """Enqueue one run; the tensors must stay as they are until the stream is done."""
        if not self._context.execute_async_v3(self._stream):
            raise self._loaded.log.failed("execute_async_v3")
