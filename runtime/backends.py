"""Choose what executes a branch and what searches a gallery. Nothing falls back in silence."""

from typing import Literal

from .backend import Backend
from .bundle import Bundle, Precision
from .errors import ArtifactError, ConfigError
from .matcher import Matcher
from .onnxruntime_backend import OnnxRuntimeBackend
from .preprocess import View
from .scanning.onnxruntime_scanner import OnnxRuntimeScanner
from .scanning.rounding import ScanChoice

BackendName = Literal[
    "onnxruntime", "onnxruntime-cuda", "onnxruntime-tensorrt", "openvino", "tensorrt"
]

BACKENDS: tuple[BackendName, ...] = (
    "onnxruntime",
    "onnxruntime-cuda",
    "onnxruntime-tensorrt",
    "openvino",
    "tensorrt",
)

RunPrecision = Literal["fp32", "fp16", "bf16"]
"""What a backend computes in: a graph's precision, or bf16, in which OpenVINO runs the fp32 one."""

PRECISIONS: tuple[RunPrecision, ...] = ("fp32", "fp16", "bf16")


def default_precision(bundle: Bundle, name: BackendName) -> RunPrecision:
    """
    Tell what a backend computes in where nobody says: fp32 on a CPU, else the manifest's default.

    On a CPU the fp16 graph is several times slower, and whether there is bf16 depends on the
    processor: embeddings shall not.
    """
    return "fp32" if name in ("onnxruntime", "openvino") else bundle.manifest.precision


def open_backend(
    bundle: Bundle,
    view: View,
    name: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    *,
    threads: int | None = None,
) -> Backend:
    """
    Load one branch of a bundle.

    Args:
        bundle: an opened bundle.
        view: the branch.
        name: what executes it. "tensorrt" runs an engine that clnet-build made, of either
            flavour; "onnxruntime-cuda" and "onnxruntime-tensorrt" run the graph on a GPU.
        precision: which graph or engine; bf16 is "openvino"'s alone, which has no fp16. None takes
            `default_precision`. All precisions of a bundle share one embedding space.
        threads: threads of one run on a CPU; None takes the cores this process may use.

    Raises:
        BackendUnavailable: the backend is not installed, there is no GPU, no engine fits (each is
            listed with its reasons), or the processor has no bf16.
        ArtifactError: the bundle lacks that graph, or the graph does not fit the bundle.
        ConfigError: no backend has that name, or it does not compute in that precision.
        DeviceFailed: the GPU has not the memory, or TensorRT refuses the engine.

    """
    _check_name(name)
    if name == "openvino":
        backend: Backend = _openvino(bundle, view, precision, threads)
    elif precision == "bf16":
        raise ConfigError(
            f"{name} does not compute in bf16: take fp32 or fp16, or the backend openvino"
        )
    elif name == "tensorrt":
        return _tensorrt(bundle, view, precision)
    elif name == "onnxruntime":
        graph = bundle.graph(view, precision or "fp32")
        backend = OnnxRuntimeBackend(graph, bundle.preprocess(view), threads=threads)
    else:
        backend = _bound(bundle, view, name, precision)
    if backend.embedding_dim != bundle.manifest.embedding_dim:
        raise ArtifactError(
            f"{bundle.path}: the {view} graph gives {backend.embedding_dim} numbers, "
            f"the manifest says {bundle.manifest.embedding_dim}; export it again"
        )
    return backend


def open_matcher(
    bundle: Bundle,
    name: BackendName = "onnxruntime",
    *,
    scan: ScanChoice = "auto",
    threads: int | None = None,
) -> Matcher:
    """
    Load a bundle's exact search, which finds the same rows on every backend.

    Args:
        bundle: an opened bundle.
        name: what scans the gallery: "tensorrt" with the matcher's engine, "onnxruntime-cuda" and
            "onnxruntime-tensorrt" both with ONNX Runtime's CUDA provider.
        scan: what the first scan multiplies in. "bf16" is for "openvino"; "auto" takes it there
            where the processor has it and it proves its bound, else fp32. `Matcher.scan` tells
            which; the rows are the same.
        threads: threads of a CPU's product; None takes the cores this process may use.

    Raises:
        BackendUnavailable, ArtifactError, ConfigError, DeviceFailed: as `open_backend`; also where
            a scan in bf16 was asked for that the backend or the processor has not.

    """
    _check_name(name)
    if name == "openvino":
        from .scanning.openvino_scanner import open_scanners

        return Matcher(*open_scanners(bundle.matcher, scan, threads))
    if scan == "bf16":
        raise ConfigError(f"{name} scans a gallery in fp32 alone; for bf16 take openvino")
    if name == "tensorrt":
        from .engine.selection import choose_engine
        from .scanning.tensorrt_scanner import TensorRTScanner

        engine = choose_engine(bundle, "matcher")
        return Matcher(TensorRTScanner(engine, bundle.manifest.embedding_dim))
    if name == "onnxruntime":
        return Matcher(OnnxRuntimeScanner(bundle.matcher, threads=threads))
    from .onnxruntime_binding import BoundScanner

    return Matcher(BoundScanner(bundle.matcher))


def _check_name(name: BackendName) -> None:
    if name not in BACKENDS:
        raise ConfigError(f"no backend is called {name!r}; expected {', '.join(BACKENDS)}")


def _openvino(
    bundle: Bundle, view: View, precision: RunPrecision | None, threads: int | None
) -> Backend:
    from .openvino_backend import OpenVinoBackend

    if precision == "fp16":
        raise ConfigError("openvino does not compute in fp16: take fp32 or bf16")
    graph, preprocess = bundle.graph(view, "fp32"), bundle.preprocess(view)
    return OpenVinoBackend(graph, preprocess, precision=precision or "fp32", threads=threads)


def _tensorrt(bundle: Bundle, view: View, precision: Precision | None) -> Backend:
    from .engine.selection import choose_engine
    from .tensorrt_backend import TensorRTBackend

    engine = choose_engine(bundle, view, precision)
    return TensorRTBackend(engine, bundle.preprocess(view), bundle.manifest.embedding_dim)


def _bound(
    bundle: Bundle, view: View, name: BackendName, precision: Precision | None
) -> OnnxRuntimeBackend:
    from .onnxruntime_binding import CUDA, BoundBackend
    from .onnxruntime_session import require_providers
    from .onnxruntime_tensorrt import TENSORRT, tensorrt_options

    graph, preprocess = bundle.graph(view, precision), bundle.preprocess(view)
    if name == "onnxruntime-cuda":
        return BoundBackend(graph, preprocess, provider=CUDA)
    require_providers([TENSORRT])
    options = tensorrt_options(bundle, view, precision)
    return BoundBackend(graph, preprocess, provider=TENSORRT, provider_options=options)
