"""Commands that must refuse, a bundle to harm, and a look at what was harmed."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

Tree = Callable[[Path], dict[str, str]]


def look(folder: Path) -> dict[str, str]:
    """Hash every file, and list every folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="session")
def tree() -> Tree:
    return look


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Return the one line of a command that refused, and left everything as it was."""

    def run(command: click.Command, *words: object) -> str:
        before = look(tmp_path)
        result = CliRunner().invoke(command, [str(word) for word in words])
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert result.stderr.startswith("error: ")
        assert result.stderr.count("\n") == 1, result.stderr
        assert look(tmp_path) == before
        return result.stderr

    return run


@pytest.fixture
def rtx() -> tuple[str, ...]:
    """Options of clnet-build; skips where TensorRT-RTX is not installed."""
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")
    return ("--engine", "tensorrt-rtx", "--compute-capability", "8.9")


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle, to be harmed."""
    return Path(shutil.copytree(bundle, tmp_path / "bundle"))


@pytest.fixture(scope="session")
def gallery(bundle: Path, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from clnet.runtime.cli import embed

    folder = tmp_path_factory.mktemp("gallery") / "gallery"
    words = [bundle, town / "bingmap", "--view", "satellite", "--gallery", folder]
    assert CliRunner().invoke(embed, list(map(str, words))).exit_code == 0
    return folder


@pytest.fixture(scope="session")
def photo(town: Path) -> Path:
    return next((town / "streetview").rglob("*.jpg"))
