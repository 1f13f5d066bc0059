"""`clnet-embed --ray` from an object store to an object store."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from simulated_store import SimulatedStore

from clnet.runtime.bundle import Bundle
from clnet.runtime.cli import embed
from clnet.runtime.gallery import Gallery
from clnet.runtime.item import Item
from clnet.runtime.scale import RayCluster


def test_workers_without_ray_are_a_mistake() -> None:
    words = ["b", "s", "--view", "ground", "--gallery", "g", "--ray-workers", "2"]

    result = CliRunner().invoke(embed, words)

    assert result.exit_code == 2
    assert "--ray-workers needs --ray" in result.stderr


def test_an_address_that_is_none_is_one_line(
    tiny_bundle: Bundle, picture: Callable[..., Path], tmp_path: Path
) -> None:
    words = [tiny_bundle.path, picture(), "--view", "ground", "--gallery", tmp_path / "g"]

    result = CliRunner().invoke(embed, [*map(str, words), "--ray", "here"])

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "expected local, auto or HOST:PORT for Ray's address, got 'here'" in result.stderr
    assert not (tmp_path / "g").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_two_workers_embed_from_a_store_into_a_store(
    store: SimulatedStore,
    cluster: RayCluster,
    tiny_bundle: Bundle,
    places: Callable[[int], list[Item]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("onnxruntime", reason="workers run ONNX Runtime: clnet[cpu]")
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    for item in places(20):
        store.put(f"tiles/{item.id}.jpg", item.path.read_bytes())
    torn = store.put("tiles/torn.jpg", b"\xff\xd8\xff\xe0 torn")
    gallery, failed = torn.replace("tiles/torn.jpg", "gallery"), tmp_path / "failed.jsonl"
    words = [tiny_bundle.path, torn.rpartition("/")[0], "--view", "satellite"]
    words += ["--gallery", gallery, "--failed", failed, "--ray-workers", 2, "--ray"]

    result = CliRunner().invoke(embed, list(map(str, words)))

    assert result.exit_code == 1, result.output
    assert "embedded 20  skipped 0  failed 1" in result.stdout
    assert json.loads(failed.read_text())["path"] == torn
    assert len(Gallery.open(gallery)) == 20
