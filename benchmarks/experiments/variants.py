"""The networks that the experiments train: the configured one with a part left out or changed."""

from typing import Any

from ...runtime.errors import ConfigError
from ...training.config import ConverterConfig, MapConfig
from ...training.train_config import TrainConfig
from ..records.ablation_result import Variant

STEPS: tuple[Variant, ...] = ("baseline", "maps", "nec")
"""Each adds one part to the one before."""

RIVAL: Variant = "image"
"""Maps computed from each image, in the place of learned ones."""


def variant_of(config: TrainConfig, variant: Variant, seed: int) -> TrainConfig:
    """
    Configure one run; everything but the maps and the seed stays.

    Args:
        config: with maps and NEC, so the variant `nec`.
        variant: which parts it shall have.
        seed: of weights, order of batches and augmentation: the batches of a seed are the
            same for every variant.

    Raises:
        ConfigError: the configuration has no NEC to leave out.

    """
    maps = configured_maps(config)
    changed: dict[Variant, MapConfig | None] = {
        "baseline": None,
        "maps": with_fields(maps, converter=None),
        "nec": maps,
        "image": with_fields(maps, converter=None, source="image"),
    }
    return _with_maps(config, changed[variant], seed)


def with_converter(config: TrainConfig, converter: ConverterConfig, seed: int) -> TrainConfig:
    """Configure one run with another NEC; errors as `variant_of`."""
    return _with_maps(config, with_fields(configured_maps(config), converter=converter), seed)


def configured_converter(config: TrainConfig) -> ConverterConfig:
    """Return the configured NEC; errors as `variant_of`."""
    converter = configured_maps(config).converter
    assert converter is not None
    return converter


def configured_maps(config: TrainConfig) -> MapConfig:
    """Return the configured maps, which have NEC; errors as `variant_of`."""
    maps = config.network.maps
    if maps is None or maps.converter is None:
        raise ConfigError(
            "the configuration must be the whole network, of which parts are left out: give "
            "network.maps a converter"
        )
    return maps


def with_fields(maps: MapConfig, **fields: Any) -> MapConfig:  # noqa: ANN401
    """Change fields of a map's configuration, and check it anew."""
    return MapConfig.model_validate({**maps.model_dump(), **fields})


def run_name(config: TrainConfig) -> str:
    """
    Name a run's folder by what may vary: `baseline-seed0`, `nec-2x64-gelu-seed0`.

    Ablation and sweep train their common run once if they are given the same folder.
    """
    maps = config.network.maps
    if maps is None:
        what = "baseline"
    elif maps.source == "image":
        what = "image"
    elif maps.converter is None:
        what = "maps"
    else:
        nec = maps.converter
        what = "nec-1" if nec.depth == 1 else f"nec-{nec.depth}x{nec.width}-{nec.activation}"
    return f"{what}-seed{config.seed}"


def _with_maps(config: TrainConfig, maps: MapConfig | None, seed: int) -> TrainConfig:
    network = config.network.model_copy(update={"maps": maps})
    return config.changed(network=network, seed=seed)
