"""A network is asked a task: each side through its own branch, in its own order."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="the network is written in torch: clnet[train]")
pytest.importorskip("timm", reason="the backbone is timm's: clnet[train]")

import cv2
import torch

from clnet.runtime.datasets import GalleryRows, Picture, Protocol, Task
from clnet.runtime.ranking import score_task
from clnet.training.evaluation import embed_images, evaluate
from clnet.training.network import CLNet


@pytest.fixture
def network(small: Any) -> CLNet:
    torch.manual_seed(0)
    return CLNet(small())


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """Ten tiles ask for one of twelve photographs each."""
    random = np.random.default_rng(0)

    def pictures(view: str, count: int) -> tuple[Picture, ...]:
        paths = [tmp_path / f"{view}{row}.png" for row in range(count)]
        for path in paths:
            noise = random.integers(0, 256, (6, 9, 3), np.uint8)
            cv2.imwrite(str(path), cv2.resize(noise, (90, 60)))
        return tuple(Picture(path.stem, path) for path in paths)

    right = GalleryRows.of([row, 11] for row in range(10))
    protocols = (Protocol("any", right), Protocol("own", right, figures="cmc-and-ap"))
    return Task("tiles", "satellite", pictures("tile", 10), pictures("photo", 12), protocols)


def test_every_protocol_of_a_task_is_scored_by_the_branches_of_its_sides(
    network: CLNet, task: Task
) -> None:
    queries = embed_images(network, [picture.path for picture in task.queries], "satellite")
    gallery = embed_images(network, [picture.path for picture in task.gallery], "ground")

    scores = evaluate(network, task)

    assert scores == score_task(task, queries, gallery)
    assert [score.protocol for score in scores] == ["any", "own"]


def test_a_network_in_training_goes_on_training(network: CLNet, task: Task) -> None:
    network.train()

    evaluate(network, task)

    assert network.training


def test_no_images_are_no_embeddings(network: CLNet) -> None:
    assert embed_images(network, [], "ground").shape == (0, network.embedding_dim)
