from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import tomli
from click.testing import CliRunner

SCRIPTS = tomli.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"][
    "scripts"
]


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_every_command_says_its_version(name: str) -> None:
    module, command = SCRIPTS[name].split(":")

    result = CliRunner().invoke(getattr(import_module(module), command), ["--version"])

    assert (result.exit_code, result.output) == (0, f"clnet {version('clnet')}\n")
