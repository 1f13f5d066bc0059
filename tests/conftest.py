"""One small town, one short run and one bundle, made once and shared by every test."""

from pathlib import Path

import pytest

SMALL_NETWORK = {
    "backbone": "convnext_atto",
    "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [16, 32, 64, 128]},
    "levels": [3],
    "batch_norm": True,
    "ground": {"view": "ground", "height": 32, "width": 128},
    "satellite": {"view": "satellite", "height": 64, "width": 64},
}
"""Learns nothing worth having in 60 steps; goes through every stage in seconds."""


def needs(*modules: str) -> None:
    """Skip, with the reason, where an extra is not installed."""
    for module in modules:
        pytest.importorskip(module, reason=f"{module} is not installed")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An easy town of 128 training and 40 test places, in CVUSA's layout."""
    from clnet.training.town import TownConfig, write_town

    folder = tmp_path_factory.mktemp("shared") / "town"
    config = TownConfig(places=128, test_places=40, seed=7, difficulty="easy")
    write_town(config, folder, workers=2)
    return folder


@pytest.fixture(scope="session")
def run(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint after 60 steps on the town."""
    needs("torch", "timm", "safetensors", "yaml")
    from clnet.training.run import train_run
    from clnet.training.train_config import TrainConfig

    settings = {"network": SMALL_NETWORK, "steps": 60, "batch_size": 32, "warmup_steps": 10}
    folder = tmp_path_factory.mktemp("shared") / "run"
    train_run(TrainConfig.model_validate(settings), town, folder)
    return folder


@pytest.fixture(scope="session")
def bundle(run: Path, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An FP16 bundle of the run, without engines, that passed the gate."""
    needs("onnx", "onnxscript", "onnxslim", "onnxruntime")
    from clnet.export.bundle_writer import export_bundle
    from clnet.export.gate_images import held_out_images
    from clnet.training.checkpoint import load_checkpoint

    folder = tmp_path_factory.mktemp("shared") / "bundle"
    export_bundle(load_checkpoint(run), folder, "fp16", held_out_images(town, "cvusa"))
    return folder
