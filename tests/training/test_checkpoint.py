from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime import ArtifactError
from clnet.training.checkpoint import load_checkpoint, save_checkpoint
from clnet.training.network import CLNet


@pytest.fixture
def folder(small: Any, tmp_path: Path) -> Path:
    save_checkpoint(tmp_path, CLNet(small()), steps=3)
    return tmp_path


def test_a_checkpoint_survives_the_disk(small: Any, tmp_path: Path) -> None:
    network = CLNet(small(batch_norm=True)).eval()
    save_checkpoint(tmp_path, network, steps=3)
    images = torch.randn(2, 3, 32, 128)

    loaded = load_checkpoint(tmp_path).network

    torch.testing.assert_close(loaded(images, "ground"), network(images, "ground"))


def test_a_folder_without_a_checkpoint_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"no checkpoint.*clnet-train"):
        load_checkpoint(tmp_path)


def test_weights_of_another_network_are_refused_by_name(small: Any, folder: Path) -> None:
    other = folder / "other"
    save_checkpoint(other, CLNet(small(maps=None)), steps=0)
    (folder / "model.safetensors").write_bytes((other / "model.safetensors").read_bytes())

    with pytest.raises(ArtifactError, match=r"lacks maps\.0\.converter"):
        load_checkpoint(folder)


def test_weights_of_other_shapes_are_refused_by_name(small: Any, folder: Path) -> None:
    other = folder / "other"
    options = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 40]}
    save_checkpoint(other, CLNet(small(backbone_options=options)), steps=0)
    (folder / "model.safetensors").write_bytes((other / "model.safetensors").read_bytes())

    with pytest.raises(ArtifactError, match="has other shapes for"):
        load_checkpoint(folder)


def test_weights_that_are_not_finite_are_refused(small: Any, tmp_path: Path) -> None:
    network = CLNet(small())
    with torch.no_grad():
        network.maps[0].ground_map[0, 0, 0] = float("nan")
    save_checkpoint(tmp_path, network, steps=3)

    with pytest.raises(ArtifactError, match=r"maps\.0\.ground_map holds numbers that are not"):
        load_checkpoint(tmp_path)


def test_a_truncated_weights_file_is_refused(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])

    with pytest.raises(ArtifactError, match=r"cannot read .*model\.safetensors"):
        load_checkpoint(folder)


def test_a_config_of_other_code_is_refused_by_key(folder: Path) -> None:
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"shared"', '"siamese"'))

    with pytest.raises(ArtifactError, match=r"network\.siamese: Extra inputs"):
        load_checkpoint(folder)
