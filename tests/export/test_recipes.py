"""From a published `.pth` and two folders of pictures to a bundle that embeds as its authors do."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

for module in ("torch", "timm", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason="not installed: pip install 'clnet[export]'")

from clnet.export.cli import export
from clnet.export.graph import export_branch, save
from clnet.runtime import Bundle
from clnet.runtime.backends import open_backend
from clnet.runtime.embedder import embed_every
from clnet.runtime.item import Item
from clnet.runtime.onnxruntime_backend import OnnxRuntimeBackend
from clnet.runtime.preprocess import VIEWS, View
from clnet.training.cli import data
from clnet.training.foreign_weights import open_checkpoint
from clnet.training.network import CLNet

RECIPE = ("--recipe", "sample4geo-cvusa")
SIZES = {"ground": (140, 768), "satellite": (384, 384)}


def run_export(checkpoint: Path, out: Path, *more: object) -> Result:
    arguments = ["--checkpoint", checkpoint, "--out", out, "--engine", "none", *more]
    return CliRunner().invoke(export, [str(one) for one in arguments])


def import_weights(*arguments: object) -> Result:
    return CliRunner().invoke(data, ["import-weights", *map(str, arguments)])


def folders(pictures: list[Path]) -> tuple[object, ...]:
    """Unpaired: the same pictures, as either view."""
    folder = pictures[0].parent
    return "--images-ground", folder, "--images-satellite", folder


def embed(bundle: Bundle, view: View, precision: Any, pictures: list[Path]) -> Any:
    items = [Item(path.stem, path) for path in pictures]
    with open_backend(bundle, view, "onnxruntime", precision) as backend:
        return embed_every(backend, items)


def cosine(bundle: Bundle, view: View, published: Any, pictures: list[Path]) -> float:
    """Return the smallest cosine between a bundle's FP32 embedding and the plain model's."""
    plain = np.stack([published.embed(path, *SIZES[view]) for path in pictures])
    return float((embed(bundle, view, "fp32", pictures) * plain).sum(axis=1).min())


@pytest.fixture(scope="module")
def exported(
    published: Any, photographs: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Bundle, str]:
    """The bundle of the file itself, and what the command printed."""
    out = tmp_path_factory.mktemp("direct") / "bundle"
    result = run_export(published.path, out, *RECIPE, *folders(photographs))
    assert result.exit_code == 0, result.output
    return Bundle.open(out), result.stdout


@pytest.fixture(scope="module")
def base(publish: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, CLNet]:
    """A ConvNeXt-Base as published and as imported."""
    weights = publish("convnext_base", tmp_path_factory.mktemp("base"))
    return weights, open_checkpoint(weights.path, "sample4geo-cvusa").network


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_a_bundle_embeds_image_files_as_the_plain_timm_model_does(
    exported: tuple[Bundle, str], published: Any, photographs: list[Path], view: View
) -> None:
    assert cosine(exported[0], view, published, photographs) >= 1 - 1e-6


@pytest.mark.slow
def test_the_kernel_of_the_resize_is_part_of_the_embedding(
    exported: tuple[Bundle, str], published: Any, photographs: list[Path], tmp_path: Path
) -> None:
    """So that the test above would see another kernel."""
    import cv2

    moved = []
    for path in photographs:
        image = cv2.resize(cv2.imread(str(path)), (384, 384), interpolation=cv2.INTER_LINEAR)
        moved.append(tmp_path / f"{path.stem}.png")
        cv2.imwrite(str(moved[-1]), image)
    plain = np.stack([published.embed(path, 384, 384) for path in photographs])

    found = embed(exported[0], "satellite", "fp32", moved)

    assert (found * plain).sum(axis=1).min() < 1 - 1e-6


@pytest.mark.slow
def test_an_export_says_where_the_weights_came_from(exported: tuple[Bundle, str]) -> None:
    assert "sample4geo-cvusa, imported from a file of sha256" in exported[1]
    assert "retrieval: not measured (images: folders)" in exported[1]


@pytest.mark.slow
def test_importing_first_gives_the_same_embedding_space(
    exported: tuple[Bundle, str], published: Any, photographs: list[Path], tmp_path: Path
) -> None:
    imported = import_weights(published.path, *RECIPE, "--out", tmp_path / "run")
    result = run_export(
        tmp_path / "run", tmp_path / "bundle", "--precision", "fp32", *folders(photographs)
    )

    assert imported.exit_code == result.exit_code == 0, imported.output + result.output
    space = Bundle.open(tmp_path / "bundle").manifest.embedding_space_id
    assert space == exported[0].manifest.embedding_space_id


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_convnext_base_at_its_real_size_embeds_as_the_plain_model_does(
    base: tuple[Any, CLNet], photographs: list[Path], tmp_path: Path, view: View
) -> None:
    plain_model, network = base
    save(export_branch(network, view), tmp_path / "model.onnx")
    pictures = photographs[:2]
    items = [Item(path.stem, path) for path in pictures]
    with OnnxRuntimeBackend(tmp_path / "model.onnx", network.config.preprocess(view)) as backend:
        found = embed_every(backend, items)

    plain = np.stack([plain_model.embed(path, *SIZES[view]) for path in pictures])
    assert found.shape == (2, 1024)
    assert (found * plain).sum(axis=1).min() >= 1 - 1e-6
