"""Open ONNX Runtime sessions the same way everywhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .cores import usable_cores
from .errors import ArtifactError, BackendUnavailable, ExtraMissing

if TYPE_CHECKING:
    import onnxruntime

_FATAL_ONLY = 4
_CPU = "CPUExecutionProvider"
_ALWAYS: dict[str, dict[str, str]] = {"CUDAExecutionProvider": {"use_tf32": "0"}}

NO_OPTIONS: Mapping[str, Mapping[str, str]] = {}
"""What a session gets where nobody asks for more."""


def open_session(
    graph: Path,
    *,
    threads: int | None,
    providers: Sequence[str],
    provider_options: Mapping[str, Mapping[str, str]] = NO_OPTIONS,
) -> "onnxruntime.InferenceSession":
    """
    Load an ONNX file. Where the CPU is not among the providers, no node may end there.

    Args:
        graph: the file.
        threads: threads of one run; None takes the cores this process may use.
        providers: execution providers, the preferred one first; each must be there.
        provider_options: ONNX Runtime's options for some of them, by provider.

    Raises:
        ExtraMissing: onnxruntime is not installed.
        BackendUnavailable: a provider is not in this onnxruntime.
        ArtifactError: the file is missing or no valid graph.

    """
    require_providers(providers)
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    options = session_options(threads)
    if _CPU not in providers:
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    chosen = [
        (name, {**provider_options.get(name, {}), **_ALWAYS.get(name, {})}) for name in providers
    ]
    problems = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf)
    missing = (state.NoSuchFile, state.NotImplemented, state.RuntimeException)
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=chosen)
    except (*problems, *missing) as error:
        raise ArtifactError(
            f"{graph}: ONNX Runtime cannot load it: {_first_line(error)}"
        ) from error
    _check_providers(providers, session.get_providers())
    return session


def require_providers(providers: Sequence[str]) -> None:
    """
    Check that this ONNX Runtime has execution providers.

    Raises:
        ExtraMissing: onnxruntime is not installed.
        BackendUnavailable: it has not all of them; they are named.

    """
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ExtraMissing("onnxruntime", "cpu") from error
    _check_providers(providers, onnxruntime.get_available_providers())


def session_options(threads: int | None = None) -> "onnxruntime.SessionOptions":
    """
    Make options of a session that is quiet: its errors are raised, not printed as well.

    Args:
        threads: threads of one run; None takes the cores this process may use.

    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or usable_cores()
    options.log_severity_level = _FATAL_ONLY
    return options


def _check_providers(wanted: Sequence[str], available: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in available]
    if missing:
        raise BackendUnavailable(
            f"ONNX Runtime has no {', '.join(missing)} here, only {', '.join(available)}; "
            "for CUDA: pip install '.[gpu]'"
        )


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]
