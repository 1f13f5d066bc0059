"""Which files a method ran, graph or engine, so that a figure can be traced to them."""

from collections.abc import Mapping

from ...runtime.artifact import Artifact
from ...runtime.backend import Backend
from ...runtime.backends import RunPrecision
from ...runtime.bundle import Bundle
from ...runtime.engine.sidecar import Sidecar
from ...runtime.preprocess import View
from ..records.latency_result import Engine


class Ran(Artifact):
    """What one method ran."""

    artifacts: Mapping[View, dict[str, str]]
    """By view: sha256 of each file, in hexadecimal, by its role."""

    engines: Mapping[View, Engine]
    """By view; empty where no engine of ours ran."""


def ran_of(bundle: Bundle, running: Mapping[View, Backend], precision: RunPrecision) -> Ran:
    """
    Tell which files backends run.

    Args:
        bundle: where they come from.
        running: what `open_backend` opened, by view.
        precision: what it was asked for.

    Raises:
        ArtifactError: the bundle holds no such graph.

    """
    from ...runtime.tensorrt_backend import TensorRTBackend

    artifacts, engines = {}, {}
    for view, backend in running.items():
        if isinstance(backend, TensorRTBackend):
            artifacts[view] = {f"{view} engine": backend.record.engine.sha256}
            engines[view] = _engine(backend.record)
        else:
            graph = bundle.graph(view, "fp32" if precision == "bf16" else precision)
            file = bundle.manifest.files[graph.relative_to(bundle.path).as_posix()]
            artifacts[view] = {f"{view} graph": file.sha256}
    return Ran(artifacts=artifacts, engines=engines)


def _engine(record: Sidecar) -> Engine:
    return Engine(
        key=record.key,
        flavour=record.identity.flavour,
        version=record.identity.version,
        graph_sha256=record.identity.onnx_sha256,
        tf32=record.tf32,
    )
