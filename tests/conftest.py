"""One small town, one short run and one bundle, made once and shared by every test."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("busy machines", deadline=None)
hypothesis.settings.load_profile("busy machines")

SMALL_NETWORK = {
    "backbone": "convnext_atto",
    "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [16, 32, 64, 128]},
    "levels": [3],
    "batch_norm": True,
    "ground": {"view": "ground", "height": 32, "width": 128},
    "satellite": {"view": "satellite", "height": 64, "width": 64},
}
"""Learns nothing worth having in 60 steps; goes through every stage in seconds."""


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Whatever needs the trained run is slow: it and its bundle take a quarter of a minute."""
    for item in items:
        if "run" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder for all of pytest's processes: the first one makes it, the others wait."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def needs(*modules: str) -> None:
    """Skip, with the reason, where an extra is not installed."""
    for module in modules:
        pytest.importorskip(module, reason=f"{module} is not installed")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An easy town of 128 training and 40 test places, in CVUSA's layout."""
    from clnet.training.town import TownConfig, write_town

    config = TownConfig(places=128, test_places=40, seed=7, difficulty="easy")
    return made_once(tmp_path_factory, "town", lambda out: write_town(config, out, workers=2))


@pytest.fixture(scope="session")
def run(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint after 60 steps on the town."""
    needs("torch", "timm", "safetensors", "yaml")
    from clnet.training.run import train_run
    from clnet.training.train_config import TrainConfig

    settings = {
        "network": SMALL_NETWORK,
        "augmentation": {"rotate_probability": 0},
        "steps": 60,
        "batch_size": 32,
        "warmup_steps": 10,
    }
    config = TrainConfig.model_validate(settings)
    return made_once(tmp_path_factory, "run", lambda out: train_run(config, town, out))


@pytest.fixture(scope="session")
def bundle(run: Path, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An FP16 bundle of the run, without engines, that passed the gate."""
    needs("onnx", "onnxscript", "onnxslim", "onnxruntime")
    from clnet.export.bundle_writer import export_bundle
    from clnet.export.gate.images import held_out_images
    from clnet.training.checkpoint import load_checkpoint

    def make(out: Path) -> None:
        export_bundle(load_checkpoint(run), out, "fp16", held_out_images(town, "cvusa"))

    return made_once(tmp_path_factory, "bundle", make)


@dataclass(frozen=True)
class Published:
    """Weights as Sample4Geo saves them, and the plain timm model that they are of."""

    path: Path
    model: Any
    weights: dict[str, Any]

    def embed(self, image: Path, height: int, width: int) -> Any:
        """Embed as its authors do: written here without anything of clnet. Returns [D] float32."""
        import cv2
        import numpy as np
        import torch

        rgb = cv2.cvtColor(cv2.imread(str(image)), cv2.COLOR_BGR2RGB)
        rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_LINEAR_EXACT)
        mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
        normal = ((rgb / 255.0 - mean) / std).astype(np.float32).transpose(2, 0, 1)
        with torch.no_grad():
            features = self.model(torch.from_numpy(normal.copy())[None])
        return torch.nn.functional.normalize(features, dim=-1)[0].numpy()


@pytest.fixture(scope="session")
def publish() -> Callable[[str, Path], Published]:
    """What makes such a file of any timm model."""
    needs("torch", "timm", "safetensors")
    return _publish


def _publish(name: str, folder: Path) -> Published:
    """Save a timm model with random weights in Sample4Geo's format."""
    import math

    import timm
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = timm.create_model(name, pretrained=False, num_classes=0).eval()
        with torch.no_grad():  # timm starts a block at 1e-6 and biases at 0: blocks would not count
            for key, weight in model.named_parameters():
                if key.endswith(("gamma", "bias")):
                    weight.copy_(torch.randn_like(weight) * (0.3 if "gamma" in key else 0.02))
    weights = {f"model.{key}": tensor for key, tensor in model.state_dict().items()}
    weights["logit_scale"] = torch.tensor(math.log(1 / 0.07))
    torch.save(weights, folder / "weights_e40.pth")
    return Published(folder / "weights_e40.pth", model, weights)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A ConvNeXt-Atto, the smallest that is recognised."""
    needs("torch", "timm", "safetensors")
    return _publish("convnext_atto", tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten pictures of soft coloured shapes, 620 x 750 pixels, as JPEG."""
    import cv2
    import numpy as np

    folder = tmp_path_factory.mktemp("photographs")
    paths = [folder / f"{n}.jpg" for n in range(10)]
    for n, path in enumerate(paths):
        noise = np.random.default_rng(n).integers(0, 256, (5 + n, 7 + n, 3), np.uint8)
        cv2.imwrite(str(path), cv2.resize(noise, (750, 620), interpolation=cv2.INTER_CUBIC))
    return paths
