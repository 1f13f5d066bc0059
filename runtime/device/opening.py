"""Open a GPU with whichever package reaches it."""

from ..errors import BackendUnavailable
from ..extras import is_installed
from .protocol import Device


def open_device(index: int = 0) -> Device:
    """
    Open a GPU with cuda-python if that is installed, else with pycuda.

    Both use the GPU's primary context, which TensorRT and torch share.

    Args:
        index: the GPU's number in CUDA's order.

    Raises:
        BackendUnavailable: neither package is installed, or there is no driver or no such GPU.

    """
    if is_installed("cuda.bindings"):
        from .cuda_python_adapter import CudaPythonDevice

        return CudaPythonDevice(index)
    if is_installed("pycuda"):
        from .pycuda_adapter import PycudaDevice

        return PycudaDevice(index)
    raise BackendUnavailable(
        "no package reaches the GPU's memory: install cuda-python with pip install '.[tensorrt]' "
        "('.[jetson6]' on JetPack 6, '.[jetson7]' on JetPack 7), or pycuda with '.[pycuda]'"
    )
