"""Engines of a bundle: of both branches and of the matcher."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..runtime.bundle import PARTS, Bundle, Part, Precision
from ..runtime.engine.compatibility import wanted_of
from ..runtime.engine.config import BranchConfig, BuildConfig, MatcherConfig
from ..runtime.engine.contract import Contract
from ..runtime.engine.flavour import Flavour
from ..runtime.engine.sidecar import Sidecar
from ..runtime.progress import Progress, silent
from .builder import DEFAULT_CONFIG, build_engine


def build_bundle(
    path: Path,
    flavour: Flavour,
    *,
    parts: Sequence[Part] = PARTS,
    capabilities: tuple[str, ...] | None = None,
    config: BranchConfig = DEFAULT_CONFIG,
    force: bool = False,
    progress: Progress = silent,
) -> list[Sidecar]:
    """
    Build the engines of a bundle, one after the other, to spare memory.

    A branch's graph is that of the manifest's precision; engines land in `<part>/engines/`.

    Args:
        path: the bundle.
        flavour: which TensorRT.
        parts: what to build; each once, in the order of `PARTS`.
        capabilities: GPUs to build for; None takes every one a graph admits.
        config: the branches' classes of batches; scratch memory, the matcher's as well.
        force: build even what is there.
        progress: told of each engine.

    Returns:
        One record a part.

    Raises:
        ArtifactError: the bundle or a graph of it cannot be used.
        BackendUnavailable, ConfigError, BuildFailed: as `build_engine`.

    """
    bundle = Bundle.open(path)
    orders = [_order(bundle, part, config) for part in PARTS if part in parts]
    records = []
    with progress("build", total=len(orders), unit="engines") as advance:
        for order in orders:
            record = build_engine(
                order.onnx,
                bundle.engines(order.part),
                part=order.part,
                precision=order.precision,
                flavour=flavour,
                capabilities=capabilities,
                config=order.config,
                contract=order.contract,
                force=force,
            )
            records.append(record)
            advance(1)
    return records


class _Order(NamedTuple):
    part: Part
    onnx: Path
    precision: Precision
    config: BuildConfig
    contract: Contract


def _order(bundle: Bundle, part: Part, config: BranchConfig) -> _Order:
    wanted = wanted_of(bundle, part)
    if part == "matcher":
        search = MatcherConfig(workspace_mib=config.workspace_mib)
        return _Order(part, bundle.matcher, wanted.precision, search, wanted.contract)
    return _Order(part, bundle.graph(part), wanted.precision, config, wanted.contract)
