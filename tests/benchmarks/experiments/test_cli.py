"""What the experiments' commands refuse before they train."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.benchmarks.cli import bench


@pytest.mark.parametrize(
    ("command", "option", "value", "told"),
    [
        ("ablation", "--seeds", "0,x", "expected such as 0,1,2"),
        ("ablation", "--seeds", "-1", "expected 0 or more"),
        ("ablation", "--transfer", "cvusa", "expected DIR:LAYOUT"),
        ("ablation", "--transfer", ".:nowhere", "expected DIR:LAYOUT"),
        ("nec", "--depths", "0,1", "expected 1 or more"),
        ("nec", "--activations", "gelu,swish", "expected among gelu, relu, silu, tanh"),
        ("nec", "--plot", "recall", "expected .png or .svg"),
    ],
)
def test_a_value_of_another_form_is_a_usage_error(
    tmp_path: Path, command: str, option: str, value: str, told: str
) -> None:
    whole = ["--data", str(tmp_path), "--config", "any.yaml", "--out", str(tmp_path / "runs")]

    found = CliRunner().invoke(bench, [command, *whole, f"{option}={value}"])

    assert found.exit_code == 2
    assert told in " ".join(found.output.split())


def test_seeds_are_trained_once_each(tmp_path: Path) -> None:
    from clnet.benchmarks.cli.nec import nec

    whole = ["--data", str(tmp_path), "--config", "any.yaml", "--out", str(tmp_path)]

    assert nec.make_context("nec", [*whole, "--seeds", "2,0,2"]).params["seeds"] == (2, 0)
