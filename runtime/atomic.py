"""Write beside the target, then rename: a reader sees the old artefact or the new one, whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import ArtifactError


@contextmanager
def file_written_aside(path: Path) -> Iterator[Path]:
    """
    Yield a temporary path; rename it to `path` when the block ends without an error.

    Raises:
        ArtifactError: the folder of `path` cannot be written.

    """
    if path.is_dir():
        raise ArtifactError(f"cannot write {path}: it is a folder; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise ArtifactError(f"cannot write {path}: {error}") from error
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(0o644)
        aside.replace(path)
    except OSError as error:
        raise ArtifactError(f"cannot write {path}: {error}") from error
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def directory_written_aside(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """
    Yield a temporary directory; rename it to `path` when the block ends without an error.

    Args:
        path: where the directory shall be.
        replace: an existing `path` gives way once the new one is whole. If False, an
            existing `path` that holds anything is an error before any work is done.

    Raises:
        ArtifactError: `path` is taken, is a file, or cannot be written.

    """
    if path.exists() and (not path.is_dir() or (not replace and any(path.iterdir()))):
        raise ArtifactError(f"{path} exists already: choose another place or remove it first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise ArtifactError(f"cannot write {path}: {error}") from error
    try:
        yield aside
        aside.chmod(0o755)
        _swap(aside, path)
    except OSError as error:
        raise ArtifactError(f"cannot write {path}: {error}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _swap(aside: Path, path: Path) -> None:
    if not path.exists():
        aside.rename(path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}.old.", dir=path.parent))
    path.rename(old / path.name)
    aside.rename(path)
    shutil.rmtree(old)
