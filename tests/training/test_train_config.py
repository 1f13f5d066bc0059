from pathlib import Path

import pytest

pytest.importorskip("yaml", reason="PyYAML is not installed: pip install 'clnet[train]'")

from clnet.runtime import ConfigError
from clnet.runtime.panorama import NORTH_CENTRED
from clnet.training.train_config import read_train_config

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_of_the_project_is_valid(path: Path) -> None:
    config = read_train_config(path)

    assert config.steps or config.epochs


def test_the_demo_says_that_the_towns_panoramas_look_north() -> None:
    demo = read_train_config(CONFIGS[0].with_name("demo.yaml"))

    assert demo.network.ground.panorama == NORTH_CENTRED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("steps: [", "cannot read", id="not-yaml"),
        pytest.param("steps: 10\nstep_size: 3", "step_size: Extra inputs", id="unknown-key"),
        pytest.param("batch_size: 8", "exactly one of epochs and steps", id="no-length"),
        pytest.param("steps: 1\nepochs: 1", "exactly one of epochs and steps", id="two-lengths"),
        pytest.param("steps: 1\ninit: a\npretrained: b", "leave one out", id="two-starts"),
        pytest.param("steps: 0", "steps: Input should be greater than 0", id="no-steps"),
        pytest.param("- 1", "file: Input should be", id="not-a-mapping"),
    ],
)
def test_a_bad_config_is_refused_on_one_line_that_names_the_key(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=message) as caught:
        read_train_config(path)

    assert "\n" not in str(caught.value)


def test_a_missing_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*none\.yaml"):
        read_train_config(tmp_path / "none.yaml")
