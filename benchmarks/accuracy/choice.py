"""Which backends in which precisions shall embed."""

from collections.abc import Mapping, Sequence

from ...runtime.backends import BACKENDS, BackendName, RunPrecision
from ...runtime.bundle import Bundle
from ...runtime.errors import BackendUnavailable, ConfigError
from ...runtime.preprocess import VIEWS
from ..latency.rows import Method
from .embedded import open_method

DEFAULT: BackendName = "onnxruntime"
"""What runs where nobody says, as in clnet-eval and clnet-verify."""


def choose(
    bundle: Bundle,
    backends: Sequence[BackendName],
    precision: RunPrecision | None,
    *,
    all_backends: bool,
) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    """
    Choose methods, and try whether they can run here, before anything is embedded.

    Args:
        bundle: what they run; without fp16 graphs, nothing is tried in fp16.
        backends: names; none stands for `DEFAULT`. Each must run, in `precision` if one is asked
            for, else in at least one.
        precision: None takes each one that the backend computes in.
        all_backends: instead of names, all there are, as far as they run.

    Returns:
        Backends with their precisions, and a sentence about each backend that cannot run.

    Raises:
        ConfigError: names beside `all_backends`, or a backend that knows no such precision.
        BackendUnavailable: what must run cannot.
        ArtifactError: the bundle lacks the graph that was asked for.

    """
    if all_backends and backends:
        raise ConfigError("--all-backends tries them all: give it without --backend")
    methods: list[Method] = []
    notes: list[str] = []
    for backend in BACKENDS if all_backends else dict.fromkeys(backends or (DEFAULT,)):
        precisions = _precisions(bundle, backend)
        if precision is not None:
            # By name, one that it does not have is asked for all the same: it then says why not.
            precisions = (precision,) if not all_backends or precision in precisions else ()
        refusals = _refusals(bundle, [Method(backend, one) for one in precisions])
        running = [method for method, error in refusals.items() if error is None]
        errors = {method: error for method, error in refusals.items() if error is not None}
        if errors and not running and not all_backends:
            raise next(iter(errors.values()))
        methods += running
        notes += _notes(errors)
    if not methods:
        raise BackendUnavailable(f"no backend can run here: {'; '.join(notes)}")
    return tuple(methods), tuple(notes)


def _refusals(bundle: Bundle, methods: Sequence[Method]) -> dict[Method, BackendUnavailable | None]:
    """Open each for a moment; keep why it cannot run, None where it can."""
    found: dict[Method, BackendUnavailable | None] = {}
    for method in methods:
        try:
            with open_method(bundle, VIEWS[0], method):
                found[method] = None
        except BackendUnavailable as error:
            found[method] = error
    return found


def _notes(errors: Mapping[Method, BackendUnavailable]) -> list[str]:
    """Say each reason once, whatever number of precisions it stops."""
    stopped: dict[tuple[str, str], list[str]] = {}
    for method, error in errors.items():
        stopped.setdefault((method.backend, str(error)), []).append(method.precision)
    return [
        f"not measured: {backend} {', '.join(precisions)}: {reason}"
        for (backend, reason), precisions in stopped.items()
    ]


def _precisions(bundle: Bundle, backend: BackendName) -> tuple[RunPrecision, ...]:
    if backend == "openvino":
        return ("fp32", "bf16")
    has_half = f"{VIEWS[0]}/model.fp16.onnx" in bundle.manifest.files
    return ("fp32", "fp16") if has_half else ("fp32",)
