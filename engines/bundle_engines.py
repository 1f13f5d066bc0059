"""Engines of both branches of a bundle."""

from pathlib import Path

from ..runtime.bundle import Bundle, Manifest
from ..runtime.engine.config import BuildConfig
from ..runtime.engine.contract import BranchContract
from ..runtime.engine.flavour import Flavour
from ..runtime.engine.sidecar import Sidecar
from ..runtime.preprocess import VIEWS, View
from ..runtime.progress import Progress, silent
from .builder import DEFAULT_CONFIG, build_engine


def build_bundle(
    path: Path,
    flavour: Flavour,
    *,
    capabilities: tuple[str, ...] | None = None,
    config: BuildConfig = DEFAULT_CONFIG,
    force: bool = False,
    progress: Progress = silent,
) -> list[Sidecar]:
    """
    Build the engines of a bundle, one branch after the other, to spare memory.

    The graphs are those of the manifest's precision; engines land in `<view>/engines/`.

    Args:
        path: the bundle.
        flavour: which TensorRT.
        capabilities: GPUs to build for; None takes every one a graph admits.
        config: batch classes, scratch memory, TF32.
        force: build even what is there.
        progress: told of each engine.

    Returns:
        One record a branch: ground, satellite.

    Raises:
        ArtifactError: the bundle or a graph of it cannot be used.
        BackendUnavailable, ConfigError, BuildFailed: as `build_engine`.

    """
    bundle = Bundle.open(path)
    records = []
    with progress("build", total=len(VIEWS), unit="engines") as advance:
        for view in VIEWS:
            record = build_engine(
                bundle.graph(view),
                bundle.engines(view),
                view=view,
                precision=bundle.manifest.precision,
                flavour=flavour,
                capabilities=capabilities,
                config=config,
                contract=contract_of(bundle, view),
                force=force,
            )
            records.append(record)
            advance(1)
    return records


def contract_of(bundle: Bundle, view: View) -> BranchContract:
    """Read what a branch promises from the bundle's preprocessing and manifest."""
    preprocess = bundle.preprocess(view)
    manifest: Manifest = bundle.manifest
    return BranchContract(
        height=preprocess.height, width=preprocess.width, embedding_dim=manifest.embedding_dim
    )
