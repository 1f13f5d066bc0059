"""Every command that the README shows is one that exists, with options that exist."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
import tomli

ROOT = Path(__file__).parent.parent
SCRIPTS = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def shown_commands(word: str) -> list[str]:
    """Shell lines of all pages that begin with `word`, continued lines joined."""
    found = []
    for page in PAGES:
        for block in re.findall(
            r"(?:^|\n)```(?:sh|bash|console)\n(.*?)```", page.read_text(), re.S
        ):
            for line in block.replace("\\\n", " ").splitlines():
                line = line.strip().removeprefix("$ ").split("  #")[0].strip()
                found += [line] if line.startswith(word) else []
    return sorted(set(found))


@pytest.mark.parametrize("line", shown_commands("clnet-"))
def test_a_shown_command_parses(line: str) -> None:
    name, *arguments = shlex.split(line)
    module, function = SCRIPTS[name].split(":")
    command: click.Command = getattr(import_module(module), function)
    while isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]
    for parameter in command.params:  # the files of an example need not exist here
        if isinstance(parameter.type, click.Path):
            parameter.type = click.Path(path_type=Path)

    command.make_context(name, arguments)


@pytest.mark.parametrize("line", shown_commands("make "))
def test_a_shown_make_target_exists(line: str) -> None:
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.M)

    assert line.split()[1] in targets


def test_the_python_example_of_the_readme_compiles_and_imports_what_exists() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    compile(example, "README.md", "exec")
    imported = re.search(r"from clnet\.runtime import (.*)", example)

    assert imported is not None
    runtime = import_module("clnet.runtime")
    assert all(hasattr(runtime, name.strip()) for name in imported.group(1).split(","))


def test_every_link_to_a_file_of_the_project_leads_somewhere() -> None:
    broken = [
        f"{page.name}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / link).exists()
    ]

    assert broken == []
