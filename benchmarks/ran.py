"""Which files a method ran, graph or engine, so that a figure can be traced to them."""

from collections.abc import Mapping

from ..runtime.artifact import Artifact
from ..runtime.backends import BackendName
from ..runtime.bundle import Bundle, Precision
from ..runtime.preprocess import VIEWS, View
from .result import Engine


class Ran(Artifact):
    """What one method ran."""

    artifacts: Mapping[View, dict[str, str]]
    """By view: sha256 of each file, in hexadecimal, by its role."""

    engines: Mapping[View, Engine]
    """By view; empty where no engine of ours ran."""


def ran_of(bundle: Bundle, backend: BackendName, precision: Precision) -> Ran:
    """
    Tell what `open_backend` loads here: its choice depends on files and machine alone.

    Args:
        bundle: an opened bundle.
        backend: what executes its branches.
        precision: of the graphs or engines.

    Raises:
        BackendUnavailable: no engine fits.
        ArtifactError: the bundle holds no such graph.

    """
    if backend == "tensorrt":
        return _engines_of(bundle, precision)
    graphs = {view: bundle.graph(view, precision) for view in VIEWS}
    names = {view: path.relative_to(bundle.path).as_posix() for view, path in graphs.items()}
    files = bundle.manifest.files
    artifacts = {view: {f"{view} graph": files[name].sha256} for view, name in names.items()}
    return Ran(artifacts=artifacts, engines={})


def _engines_of(bundle: Bundle, precision: Precision) -> Ran:
    from ..runtime.engine.selection import choose_engine

    records = {view: choose_engine(bundle, view, precision).record for view in VIEWS}
    return Ran(
        artifacts={view: {f"{view} engine": one.engine.sha256} for view, one in records.items()},
        engines={
            view: Engine(
                key=one.key,
                flavour=one.identity.flavour,
                version=one.identity.version,
                graph_sha256=one.identity.onnx_sha256,
                tf32=one.tf32,
            )
            for view, one in records.items()
        },
    )
