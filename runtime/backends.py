"""Choose what executes a branch. Nothing falls back in silence."""

from typing import Literal

from .backend import Backend
from .bundle import Bundle, Precision
from .errors import ArtifactError, BackendUnavailable, ConfigError
from .onnxruntime_backend import OnnxRuntimeBackend
from .preprocess import View

BackendName = Literal["onnxruntime", "openvino", "tensorrt"]

BACKENDS: tuple[BackendName, ...] = ("onnxruntime", "openvino", "tensorrt")


def open_backend(
    bundle: Bundle,
    view: View,
    name: BackendName = "onnxruntime",
    precision: Precision | None = None,
) -> Backend:
    """
    Load one branch of a bundle.

    Args:
        bundle: an opened bundle.
        view: the branch.
        name: what executes it.
        precision: which graph. None takes fp32 on ONNX Runtime, whatever the manifest's
            default: its CPU kernels run the fp16 graph several times slower, and both graphs
            of a bundle share one embedding space.

    Raises:
        BackendUnavailable: the backend is not installed, or clnet cannot run it yet.
        ArtifactError: the bundle lacks that graph, or the graph does not fit the bundle.
        ConfigError: no backend has that name.

    """
    if name not in BACKENDS:
        raise ConfigError(f"no backend is called {name!r}; expected {', '.join(BACKENDS)}")
    if name != "onnxruntime":
        raise BackendUnavailable(f"this version cannot run {name} yet; take onnxruntime")
    backend = OnnxRuntimeBackend(bundle.graph(view, precision or "fp32"), bundle.preprocess(view))
    if backend.embedding_dim != bundle.manifest.embedding_dim:
        raise ArtifactError(
            f"{bundle.path}: the {view} graph gives {backend.embedding_dim} numbers, "
            f"the manifest says {bundle.manifest.embedding_dim}; export it again"
        )
    return backend
