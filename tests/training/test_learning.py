"""
The loop learns a town from scratch, and the neural maps carry it.

An easy town and a short run: this shows that loss, maps, augmentation and evaluation fit
together. It is no evidence of quality; `make demo` measures that on the hard town.
"""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")

from clnet.runtime.datasets import open_dataset
from clnet.training.checkpoint import load_checkpoint
from clnet.training.evaluation import evaluate
from clnet.training.reweighing import uniform
from clnet.training.run import train_run
from clnet.training.town import TownConfig, write_town
from clnet.training.train_config import read_train_config

DEMO = Path(__file__).parents[2] / "configs" / "demo.yaml"


@pytest.mark.slow
def test_a_short_run_on_the_easy_town_finds_unseen_places_by_its_maps(tmp_path: Path) -> None:
    town = TownConfig(places=800, test_places=150, seed=3, difficulty="easy")
    write_town(town, tmp_path / "town")
    config = read_train_config(DEMO).changed(steps=150, warmup_steps=20)

    report = train_run(config, tmp_path / "town", tmp_path / "run")

    network = load_checkpoint(tmp_path / "run").network
    (task,) = open_dataset(tmp_path / "town", "cvusa").tasks("val")
    (flat,) = evaluate(network, task, reweigh=uniform)
    assert report.scores[0].recall_at_1 >= 50
    assert report.scores[0].recall_at_1 - flat.recall_at_1 >= 10
