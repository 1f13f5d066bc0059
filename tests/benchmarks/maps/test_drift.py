"""How far maps moved from where their seed began."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("timm", reason="timm is not installed")

from clnet.benchmarks.experiments.map_figures import effective_share, neural_map, position_std
from clnet.benchmarks.maps.drift import cosine, relative_change
from clnet.benchmarks.maps.initial import initial_network
from clnet.training.train_config import TrainConfig


def test_effective_share_runs_from_one_position_to_all() -> None:
    peak = np.zeros((2, 2, 3))
    peak[:, 0, 1] = 100

    assert effective_share(np.zeros((2, 2, 3))) == pytest.approx(1)
    assert effective_share(peak) == pytest.approx(1 / 6)


def test_position_std_ignores_what_all_positions_share() -> None:
    levels = np.array([1.0, 50.0]).reshape(2, 1, 1)

    assert position_std(np.ones((2, 3, 3)) * levels) == 0
    assert position_std(np.array([[[0.0, 2.0]], [[3.0, 7.0]]])) == pytest.approx(1.5)


def test_a_doubled_map_changed_by_its_own_norm_and_kept_its_form() -> None:
    start = np.random.default_rng(0).normal(size=(3, 2, 2))

    assert cosine(start, 2 * start) == pytest.approx(1)
    assert relative_change(start, 2 * start) == pytest.approx(1)


@pytest.mark.slow
def test_a_trainer_begins_with_the_initial_network(town: Path, tmp_path: Path) -> None:
    from clnet.benchmarks.experiments.scoring import load_network
    from clnet.training.run import train_run

    config = TrainConfig.model_validate(
        {
            "network": {
                "backbone": "convnext_atto",
                "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8] * 4},
                "ground": {"view": "ground", "height": 32, "width": 128, "panorama": {}},
                "satellite": {"view": "satellite", "height": 64, "width": 64},
            },
            "steps": 1, "batch_size": 2, "learning_rate": 1e-12, "seed": 3,
        }
    )  # fmt: skip
    train_run(config, town, tmp_path / "run")

    start, end = initial_network(config), load_network(tmp_path / "run").cpu()
    for view in ("ground", "satellite"):
        assert np.allclose(neural_map(start, 0, view), neural_map(end, 0, view), atol=1e-6)
