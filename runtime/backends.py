"""Choose what executes a branch and what searches a gallery. Nothing falls back in silence."""

from typing import Literal

from .backend import Backend
from .bundle import Bundle, Precision
from .errors import ArtifactError, BackendUnavailable, ConfigError
from .matcher import Matcher
from .onnxruntime_backend import OnnxRuntimeBackend
from .preprocess import View
from .scanner import OnnxRuntimeScanner

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


def open_backend(
    bundle: Bundle,
    view: View,
    name: BackendName = "onnxruntime",
    precision: Precision | None = None,
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
        precision: which graph or engine. None takes fp32 for "onnxruntime", whose CPU kernels
            run the fp16 graph several times slower, and the manifest's default for a GPU. All
            graphs of a bundle share one embedding space.
        threads: threads of one run on a CPU; None takes the cores this process may use.

    Raises:
        BackendUnavailable: the backend is not installed, there is no GPU, no engine fits (each is
            listed with its reasons), or clnet cannot run it yet.
        ArtifactError: the bundle lacks that graph, or the graph does not fit the bundle.
        ConfigError: no backend has that name.
        DeviceFailed: the GPU has not the memory, or TensorRT refuses the engine.

    """
    _check_name(name)
    if name == "tensorrt":
        return _tensorrt(bundle, view, precision)
    if name == "onnxruntime":
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
    bundle: Bundle, name: BackendName = "onnxruntime", *, threads: int | None = None
) -> Matcher:
    """
    Load a bundle's exact search, which finds the same rows on every backend.

    Args:
        bundle: an opened bundle.
        name: what scans the gallery: "tensorrt" with the matcher's engine, "onnxruntime-cuda" and
            "onnxruntime-tensorrt" both with ONNX Runtime's CUDA provider.
        threads: threads of a CPU's product; None takes the cores this process may use.

    Raises:
        BackendUnavailable, ArtifactError, ConfigError, DeviceFailed: as `open_backend`.

    """
    _check_name(name)
    if name == "tensorrt":
        from .engine.selection import choose_engine
        from .tensorrt_scanner import TensorRTScanner

        engine = choose_engine(bundle, "matcher")
        return Matcher(TensorRTScanner(engine, bundle.manifest.embedding_dim))
    if name == "onnxruntime":
        return Matcher(OnnxRuntimeScanner(bundle.matcher, threads=threads))
    from .onnxruntime_binding import BoundScanner

    return Matcher(BoundScanner(bundle.matcher))


def _check_name(name: BackendName) -> None:
    if name not in BACKENDS:
        raise ConfigError(f"no backend is called {name!r}; expected {', '.join(BACKENDS)}")
    if name == "openvino":
        raise BackendUnavailable("this version cannot run openvino yet; take onnxruntime")


def _tensorrt(bundle: Bundle, view: View, precision: Precision | None) -> Backend:
    from .engine.selection import choose_engine
    from .tensorrt_backend import TensorRTBackend

    engine = choose_engine(bundle, view, precision)
    return TensorRTBackend(engine, bundle.preprocess(view), bundle.manifest.embedding_dim)


def _bound(
    bundle: Bundle, view: View, name: BackendName, precision: Precision | None
) -> OnnxRuntimeBackend:
    from .onnxruntime_binding import CUDA, BoundBackend
    from .onnxruntime_tensorrt import TENSORRT, tensorrt_options

    graph, preprocess = bundle.graph(view, precision), bundle.preprocess(view)
    if name == "onnxruntime-cuda":
        return BoundBackend(graph, preprocess, provider=CUDA)
    options = tensorrt_options(bundle, view, precision)
    return BoundBackend(graph, preprocess, provider=TENSORRT, provider_options=options)
