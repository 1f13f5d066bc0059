"""Which batches an engine shall take."""

from ..runtime.engine.config import BuildConfig
from ..runtime.engine.contract import TensorRecord
from ..runtime.engine.sidecar import BatchRange
from ..runtime.errors import ArtifactError
from .adapter import Adapter


def profiles_of(
    inputs: tuple[TensorRecord, ...], adapter: Adapter, config: BuildConfig
) -> tuple[BatchRange, ...]:
    """
    Choose the optimization profiles of a network.

    Args:
        inputs: its inputs.
        adapter: the flavour, which knows what serves its batch classes best.
        config: the batch classes; a graph of a fixed batch has that one alone.

    Raises:
        ArtifactError: a dimension besides the batch is dynamic.

    """
    for tensor in inputs:
        if not tensor.shape or min(tensor.shape[1:], default=1) < 0:
            raise ArtifactError(
                f"input {tensor.name}: only the batch may be dynamic, got {list(tensor.shape)}; "
                "export it with a fixed height and width"
            )
    batch = inputs[0].shape[0]
    if batch == -1:
        return adapter.profiles(config)
    return (BatchRange(min_batch=batch, opt_batch=batch, max_batch=batch),)
