"""The bundle that a measurement runs: the user's, or one of random weights."""

from pathlib import Path

from ...runtime.bundle import Bundle
from ...runtime.errors import ConfigError
from ...runtime.extras import need_extra
from ...runtime.progress import Progress, silent
from ...training.config import NetworkConfig


def bundle_to_measure(
    folder: Path,
    *,
    bundle: Path | None = None,
    config_path: Path | None = None,
    progress: Progress = silent,
) -> Bundle:
    """
    Open what was asked for, or export a network of random weights in fp32.

    Args:
        folder: takes the exported bundle, named after its configuration.
        bundle: a bundle; torch is not needed.
        config_path: a YAML file of clnet-train, of which `network` is taken. With neither of
            both: clnet-tiny, ConvNeXt-Tiny with NEC at CVUSA's sizes.
        progress: told about the export.

    Raises:
        ConfigError: both of them, or an unusable file.
        ExtraMissing: a configuration needs the extra `export`.
        ArtifactError: no usable bundle.

    """
    if bundle is not None and config_path is not None:
        raise ConfigError("give one of BUNDLE and --config")
    if bundle is not None:
        return Bundle.open(bundle)
    need_extra("export")
    if config_path is None:
        return _exported(NetworkConfig(), folder / "clnet-tiny", progress)
    from ...training.train_config import read_train_config

    return _exported(read_train_config(config_path).network, folder / config_path.stem, progress)


def _exported(config: NetworkConfig, out: Path, progress: Progress) -> Bundle:
    from ...export.bundle_writer import export_bundle
    from ...training.checkpoint import load_checkpoint
    from .random_network import save_random

    checkpoint = load_checkpoint(save_random(config, out.with_suffix(".checkpoint")))
    export_bundle(checkpoint, out, "fp32", None, progress=progress)
    return Bundle.open(out)
