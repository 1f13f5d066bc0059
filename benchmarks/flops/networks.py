"""Which networks are counted, and at which image sizes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from ...runtime.artifact import sha256_of
from ...runtime.errors import ConfigError
from ...runtime.preprocess import VIEWS, View
from ...training.config import NetworkConfig
from ...training.recipes import GROUND, PANORAMA, SATELLITE, Architecture, RecipeName, baseline

NetworkName = Literal["clnet-tiny", "sample4geo"]
NETWORKS: tuple[NetworkName, ...] = get_args(NetworkName)

BenchmarkName = Literal["cvusa", "university1652", "vigor", "own"]
BENCHMARKS: tuple[BenchmarkName, ...] = get_args(BenchmarkName)
PUBLISHED: tuple[BenchmarkName, ...] = ("cvusa", "university1652", "vigor")
"""Those with sizes of their own; `own` are the first network's."""

_RECIPES: dict[BenchmarkName, RecipeName] = {
    "cvusa": "sample4geo-cvusa",
    "university1652": "sample4geo-university1652",
    "vigor": "sample4geo-vigor",
}

_LAST_OF_CONVNEXT = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network to count."""

    name: str
    """What its rows are called."""

    config: NetworkConfig
    """With the image sizes that it was configured for."""

    files: dict[str, str] = field(default_factory=dict)
    """sha256 of the file that it was read from, by its role."""


def choose_networks(
    networks: Sequence[NetworkName], config_path: Path | None, baselines: Sequence[str]
) -> tuple[Candidate, ...]:
    """
    Put what was asked for in order; clnet-tiny against sample4geo if nothing was.

    Args:
        networks: by name.
        config_path: a YAML file of clnet-train.
        baselines: to compare with; names, YAML files, or timm models, which are counted as
            Sample4Geo would use them: pooled, without maps. With neither network nor
            configuration they are compared with clnet-tiny.

    Raises:
        ConfigError: an unknown name, an unusable file, or one name for two networks.

    """
    chosen = [_named(name) for name in networks]
    if config_path is not None:
        chosen.append(_from_file(config_path))
    if not chosen:
        chosen = [_named("clnet-tiny")]
        baselines = baselines or ("sample4geo",)
    chosen += [_baseline(one) for one in baselines]
    names = [one.name for one in chosen]
    if len(set(names)) < len(names):
        raise ConfigError(f"expected networks of different names, got {', '.join(names)}")
    return tuple(chosen)


def at_benchmark(
    config: NetworkConfig, benchmark: BenchmarkName, own: NetworkConfig
) -> NetworkConfig:
    """
    Give a network a benchmark's image sizes.

    Args:
        config: the network.
        benchmark: whose sizes.
        own: whose sizes `own` are.

    """
    values = config.model_dump()
    for view, (height, width) in _sizes(benchmark, own).items():
        values[view].update(height=height, width=width)
    values["ground"]["panorama"] = (
        own.ground.panorama if benchmark == "own" else PANORAMA[_RECIPES[benchmark]]
    )
    return NetworkConfig.model_validate(values)


def _sizes(benchmark: BenchmarkName, own: NetworkConfig) -> dict[View, tuple[int, int]]:
    """Height and width of each view's images."""
    if benchmark != "own":
        return {"ground": GROUND[_RECIPES[benchmark]], "satellite": SATELLITE}
    images = {view: own.preprocess(view) for view in VIEWS}
    return {view: (one.height, one.width) for view, one in images.items()}


def _named(name: NetworkName) -> Candidate:
    if name == "clnet-tiny":
        return Candidate(name, NetworkConfig())
    architecture = Architecture("convnext_base", _LAST_OF_CONVNEXT)
    return Candidate(name, baseline("sample4geo-cvusa", architecture))


def _baseline(text: str) -> Candidate:
    for name in NETWORKS:
        if text == name:
            return _named(name)
    if Path(text).suffix in (".yaml", ".yml"):
        return _from_file(Path(text))
    import timm

    if not timm.is_model(text):
        raise ConfigError(
            f"baseline {text!r}: expected {', '.join(NETWORKS)}, a .yaml file of clnet-train, "
            f"or a model that timm {timm.__version__} knows"
        )
    return Candidate(text, baseline("sample4geo-cvusa", Architecture(text, _last_level(text))))


def _last_level(backbone: str) -> int:
    import torch

    from ...training.backbone import Backbone

    with torch.device("meta"):
        return Backbone(backbone, {}).last_level()


def _from_file(path: Path) -> Candidate:
    from ...training.train_config import read_train_config

    config = read_train_config(path).network
    if path.stem in NETWORKS:
        raise ConfigError(
            f"{path}: rows named {path.stem} are kept for the built-in network; rename the file"
        )
    return Candidate(path.stem, config, {"configuration": sha256_of(path)})
