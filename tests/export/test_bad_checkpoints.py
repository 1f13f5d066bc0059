"""Checkpoints that cannot be used: one line, exit status 2, and an older bundle stays."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

for module in ("torch", "timm", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason="not installed: pip install 'clnet[export]'")

import torch

from clnet.export.cli import export
from clnet.training.checkpoint import save_checkpoint
from clnet.training.cli import data
from clnet.training.config import NetworkConfig
from clnet.training.network import CLNet

RECIPE = ("--recipe", "sample4geo-cvusa")


def run_export(checkpoint: Path, out: Path, *more: object) -> Result:
    arguments = ["--checkpoint", checkpoint, "--out", out, "--engine", "none", *more]
    return CliRunner().invoke(export, [*map(str, arguments), "--precision", "fp32"])


def import_weights(*arguments: object) -> Result:
    return CliRunner().invoke(data, ["import-weights", *map(str, arguments)])


def assert_refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert all(word in result.stderr for word in words), result.stderr


@pytest.fixture
def old_bundle(tmp_path: Path) -> Iterator[Path]:
    """Something that looks like a bundle, and must be the same after the test."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "manifest.json").write_text("{}")
    yield bundle
    assert [path.name for path in bundle.iterdir()] == ["manifest.json"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_file_without_a_recipe_is_refused(published: Any, old_bundle: Path) -> None:
    result = run_export(published.path, old_bundle)

    assert_refused(result, str(published.path), "--recipe sample4geo-cvusa|")


def test_a_run_with_a_recipe_is_refused(tmp_path: Path, old_bundle: Path) -> None:
    result = run_export(tmp_path, old_bundle, *RECIPE)

    assert_refused(result, "is a run", "--recipe")


def test_a_file_that_is_none_is_refused(tmp_path: Path, old_bundle: Path) -> None:
    result = run_export(tmp_path / "gone.pth", old_bundle, *RECIPE)

    assert_refused(result, "gone.pth", "No such file")


def test_a_payload_is_refused_and_not_run(tmp_path: Path, old_bundle: Path) -> None:
    class Payload:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "executed"),)

    torch.save({"model.stem.0.weight": Payload()}, tmp_path / "w.pth")
    exported = run_export(tmp_path / "w.pth", old_bundle, *RECIPE)
    imported = import_weights(tmp_path / "w.pth", *RECIPE, "--out", tmp_path / "run")

    for result in (exported, imported):
        assert_refused(result, "w.pth", "expected tensors only", "posix.mkdir", "state_dict")
    assert not (tmp_path / "executed").exists()
    assert not (tmp_path / "run").exists()


@pytest.fixture
def small_run(tmp_path: Path) -> Path:
    network = {
        "backbone": "convnext_atto",
        "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]},
        "maps": None,
        "ground": {"view": "ground", "height": 32, "width": 128},
        "satellite": {"view": "satellite", "height": 64, "width": 64},
    }
    save_checkpoint(tmp_path / "run", CLNet(NetworkConfig.model_validate(network)), steps=1)
    return tmp_path / "run"


def change(run: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Rewrite a run's config.json."""
    config = json.loads((run / "config.json").read_text())
    edit(config)
    (run / "config.json").write_text(json.dumps(config))


def test_a_checkpoint_of_another_schema_is_refused(small_run: Path, old_bundle: Path) -> None:
    change(small_run, lambda config: config.update(schema_version=2))

    result = run_export(small_run, old_bundle)

    assert_refused(result, "schema_version: Input should be 1, got 2", "the clnet that wrote it")


def test_a_checkpoint_with_other_keys_is_refused(small_run: Path, old_bundle: Path) -> None:
    change(small_run, lambda config: config["network"].update(batch_norm=True))

    result = run_export(small_run, old_bundle)

    assert_refused(result, "lacks heads.ground.batch_norm.num_batches_tracked", "and 3 more")


def test_a_checkpoint_with_other_shapes_is_refused(small_run: Path, old_bundle: Path) -> None:
    change(
        small_run, lambda config: config["network"]["backbone_options"].update(dims=[8, 16, 24, 40])
    )

    result = run_export(small_run, old_bundle)

    assert_refused(result, "has other shapes for backbones.shared.model.head.norm.bias")


def test_a_config_that_names_a_pickle_is_refused_and_the_pickle_is_not_read(
    small_run: Path, old_bundle: Path
) -> None:
    change(
        small_run,
        lambda config: config["network"]["backbone_options"].update(checkpoint_path="evil.pth"),
    )

    result = run_export(small_run, old_bundle)

    assert_refused(result, "backbone_options", "checkpoint_path")
