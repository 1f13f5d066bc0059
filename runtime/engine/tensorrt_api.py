"""
The part of TensorRT that we use: names that 10.3, 11 and RTX share.

Without `tensorrt-stubs`, which nothing here needs, each type is Any; with them a type checker
knows every class, method and argument. A test runs one over all files that import this.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tensorrt as trt


class TensorRT(Protocol):
    """One of the modules: `tensorrt` or `tensorrt_rtx`."""

    __version__: str
    """As "10.3.0"; RTX counts its own, "1.7.1.116"."""

    Builder: type["trt.Builder"]
    BuilderFlag: type["trt.BuilderFlag"]
    ILogger: type["trt.ILogger"]
    MemoryPoolType: type["trt.MemoryPoolType"]
    OnnxParser: type["trt.OnnxParser"]
    ProfilingVerbosity: type["trt.ProfilingVerbosity"]

    ExecutionContextAllocationStrategy: type["trt.ExecutionContextAllocationStrategy"]
    LayerInformationFormat: type["trt.LayerInformationFormat"]
    Runtime: type["trt.Runtime"]
    TensorIOMode: type["trt.TensorIOMode"]
    TensorLocation: type["trt.TensorLocation"]
