"""What `clnet-bench latency` measures: a named configuration, a YAML file, or a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from ...runtime.artifact import sha256_of, validation_summary
from ...runtime.bundle import Bundle
from ...runtime.errors import ArtifactError, ConfigError
from ...runtime.extras import is_installed, need_extra
from ...runtime.preprocess import VIEWS, Preprocess, View
from ...runtime.progress import Progress, silent
from ...training.config import NetworkConfig
from ..latency.ran import Ran

NetworkName = Literal["clnet-tiny"]

NETWORKS: dict[NetworkName, NetworkConfig] = {"clnet-tiny": NetworkConfig()}
"""Configurations by name. clnet-tiny: ConvNeXt-Tiny with NEC at CVUSA's sizes."""

_TORCH_MODULES = ("torch", "timm", "safetensors")


@dataclass(frozen=True, slots=True)
class Subject:
    """A network in the forms in which methods run it."""

    name: str
    """For tables."""

    configuration: dict[str, Any]
    """The network's configuration."""

    preprocess: Mapping[View, Preprocess]
    """Input size and statistics by view."""

    graphs: Mapping[View, Path]
    """The FP32 ONNX graphs by view."""

    checkpoint: Path | None
    """The network for PyTorch; None where torch is not installed."""

    sha256: Mapping[str, str]
    """Hash of what runs, in hexadecimal: `ground graph`, `satellite graph`, `checkpoint`."""

    same_weights: bool
    """Whether checkpoint and graphs hold the same weights, so that embeddings compare."""

    notes: tuple[str, ...] = ()
    """What a reader must know, a sentence each."""

    def ran(self, backend: str) -> Ran:
        """Tell which files a method runs: the graphs, or for PyTorch the checkpoint."""
        roles = {
            view: "checkpoint" if backend.startswith("torch") else f"{view} graph" for view in VIEWS
        }
        artifacts = {view: {role: self.sha256[role]} for view, role in roles.items()}
        return Ran(artifacts=artifacts, engines={})


def choose_subject(
    folder: Path,
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    network: NetworkName | None = None,
    progress: Progress = silent,
) -> Subject:
    """
    Prepare what was asked for; clnet-tiny if nothing was.

    Args:
        folder: takes checkpoint and graphs of random weights.
        bundle: a bundle; torch is not needed.
        config_path: a YAML file of clnet-train, of which `network` is taken.
        network: a name from `NETWORKS`.
        progress: told about each exported graph.

    Raises:
        ConfigError: more than one of them, or an unusable file.
        ExtraMissing: a configuration needs the extra `export`.
        ArtifactError: no usable bundle.

    """
    if sum(one is not None for one in (bundle, config_path, network)) > 1:
        raise ConfigError("give one of BUNDLE, --config and --network")
    if bundle is not None:
        return subject_of_bundle(Bundle.open(bundle), folder)
    need_extra("export")
    if config_path is not None:
        from ...training.train_config import read_train_config

        config = read_train_config(config_path).network
        return subject_of_config(config_path.stem, config, folder, progress)
    name = network or "clnet-tiny"
    return subject_of_config(name, NETWORKS[name], folder, progress)


def subject_of_config(
    name: str, config: NetworkConfig, folder: Path, progress: Progress = silent
) -> Subject:
    """
    Build a network with random weights and export both branches.

    Raises:
        ClnetError: the configuration makes no network, or it cannot be exported.

    """
    from .random_network import export_random, save_random

    checkpoint = save_random(config, folder / "random")
    graphs = export_random(checkpoint, folder / "graphs", progress)
    return Subject(
        name=name,
        configuration=config.model_dump(mode="json"),
        preprocess={view: config.preprocess(view) for view in VIEWS},
        graphs=graphs,
        checkpoint=checkpoint,
        sha256=_hashes(graphs, checkpoint),
        same_weights=True,
        notes=("the weights are random",),
    )


def subject_of_bundle(bundle: Bundle, folder: Path) -> Subject:
    """
    Take a bundle's graphs; where torch is installed, rebuild its network for comparison.

    Raises:
        ArtifactError: the bundle has no FP32 graph, or its network is of another version.

    """
    checkpoint, note = None, None
    missing = [module for module in _TORCH_MODULES if not is_installed(module)]
    if missing:
        note = (
            f"{missing[0]} is not installed (pip install '.[train]'): "
            "no rows of PyTorch, and no ratios to it"
        )
    else:
        config = _network_of(bundle)
        from .random_network import save_random

        checkpoint = save_random(config, folder / "random")
        note = "a bundle holds no PyTorch weights: its network ran with random ones there"
    graphs = {view: bundle.graph(view, "fp32") for view in VIEWS}
    return Subject(
        name=bundle.path.resolve().name,
        configuration=bundle.manifest.network,
        preprocess={view: bundle.preprocess(view) for view in VIEWS},
        graphs=graphs,
        checkpoint=checkpoint,
        sha256=_hashes(graphs, checkpoint),
        same_weights=False,
        notes=(note,),
    )


def _hashes(graphs: Mapping[View, Path], checkpoint: Path | None) -> dict[str, str]:
    files = {f"{view} graph": path for view, path in graphs.items()}
    if checkpoint is not None:
        files["checkpoint"] = checkpoint / "model.safetensors"
    return {role: sha256_of(path) for role, path in files.items()}


def _network_of(bundle: Bundle) -> NetworkConfig:
    try:
        config = NetworkConfig.model_validate(bundle.manifest.network)
    except ValidationError as error:
        raise ArtifactError(f"{bundle.path}: network: {validation_summary(error)}") from error
    for view in VIEWS:
        if config.preprocess(view) != bundle.preprocess(view):
            raise ArtifactError(f"{bundle.path}: network and {view}/preprocess.json differ")
    return config
