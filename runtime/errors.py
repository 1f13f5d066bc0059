"""
The errors clnet raises on purpose.

* ClnetError
  - ShapeError           an array does not have the documented shape or dtype
  - ArtifactError        a file of ours is missing, damaged, or not what its manifest says
  - ConfigError          a configuration asks for something that does not exist
  - DataError            images, lists or data sets cannot be used as they are
    - EmptyTile          a tile of a map holds no data there
  - EmbeddingError       embeddings are not finite, not unit vectors, or have collapsed
  - SpaceMismatch        embeddings of two different networks would be compared
  - BackendUnavailable   the requested backend or device is not here; nothing falls back
  - ClusterFailed        Ray lost its workers, or could not run them
  - ProcessesFailed      another of several training processes failed or was lost
  - ExtraMissing         a command needs an optional dependency that is not installed
  - DeviceFailed         CUDA or TensorRT refused a call on a GPU that is here
  - GateFailed           an artefact was made and checked, and the answer is no
  - BuildFailed          TensorRT's compiler refused a graph, ran out of memory, or crashed
  - MeasurementFailed    a method under measurement failed; its figures do not exist
"""


class ClnetError(Exception):
    """Catching this catches everything clnet raises on purpose; it crosses processes whole."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without calling `__init__`, whose arguments differ from the message."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[ClnetError], args: tuple[object, ...], state: dict[str, object]
) -> ClnetError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ShapeError(ClnetError, ValueError):
    """An array does not have the documented shape or dtype."""

    def __init__(self, name: str, expected: str, actual: str) -> None:
        super().__init__(f"{name}: expected {expected}, got {actual}")
        self.name = name


class ArtifactError(ClnetError):
    """A file of ours is missing, damaged, or not what its manifest says."""


class ConfigError(ClnetError, ValueError):
    """A configuration asks for something that does not exist or does not fit together."""


class DataError(ClnetError):
    """Images, lists or data sets cannot be used as they are."""


class EmptyTile(DataError):
    """A tile of a map holds (nearly) no data: nothing is wrong, there is nothing to embed."""


class EmbeddingError(ClnetError):
    """Embeddings are not finite, not unit vectors, or have collapsed to one point."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row
        """The first row at fault of the array that was checked; None where all of them are."""


class SpaceMismatch(ClnetError):
    """Embeddings of two different networks would be compared."""


class BackendUnavailable(ClnetError, RuntimeError):
    """The requested backend or device is not here; nothing falls back to another."""


class ClusterFailed(ClnetError, RuntimeError):
    """Ray lost its workers, or could not run them."""


class ProcessesFailed(ClnetError, RuntimeError):
    """Another of several training processes failed, or was lost."""


class ExtraMissing(BackendUnavailable):
    """A command needs an optional dependency that is not installed."""

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(f"{module} is not installed: pip install '.[{extra}]'")
        self.extra = extra


class DeviceFailed(ClnetError, RuntimeError):
    """CUDA or TensorRT refused a call on a GPU that is here: no memory left, a fault, a bug."""

    def __init__(self, operation: str, code: str, words: str) -> None:
        super().__init__(f"{operation} failed: {code}: {words}")
        self.code = code
        """CUDA's name of the error, such as cudaErrorMemoryAllocation, or "TensorRT"."""


class GateFailed(ClnetError):
    """An artefact was made and checked, and the answer is no (exit status 1, not 2)."""


class BuildFailed(ClnetError):
    """TensorRT's compiler refused a graph, ran out of memory, crashed or was killed."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log
        """Everything the compiler said at warning level and above; may be empty."""


class MeasurementFailed(ClnetError):
    """A method under measurement failed or died; its figures do not exist."""
