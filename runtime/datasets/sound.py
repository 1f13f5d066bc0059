"""What a run may rely on: images that exist, and with `decode` can be read to the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from ..cores import usable_cores
from ..errors import DataError
from ..images import read_image
from ..progress import Progress, silent
from ..read_ahead import read_ahead
from .faults import Faults
from .folders import Folders
from .place import Place
from .subtask import subtask
from .task import Task

_AHEAD = 64


def sound_places(
    places: Sequence[Place],
    faults: Faults,
    *,
    decode: bool = False,
    progress: Progress = silent,
) -> list[Place]:
    """
    Leave out the places whose images cannot be used.

    Args:
        places: of one split.
        faults: strict refuses the first such image; otherwise each is listed there.
        decode: read every image to its end; otherwise only look whether the files exist.
        progress: told of images decoded.

    Raises:
        DataError: an image is missing or broken and `faults` is strict, or no place is left.

    """
    images = ((path, place.row) for place in places for path in (place.ground, place.satellite))
    wrong = _wrong(images, faults, decode, progress)
    kept = [place for place in places if not wrong & {place.ground, place.satellite}]
    if not kept:
        raise _nothing_left("places", len(places), faults)
    return kept


def sound_task(
    task: Task,
    faults: Faults,
    *,
    decode: bool = False,
    progress: Progress = silent,
) -> Task:
    """
    Leave out the pictures of a task that cannot be used, and queries that lose every answer.

    Args:
        task: what a network is asked.
        faults: as of `sound_places`; a query without an answer is listed, too.
        decode: as of `sound_places`.
        progress: told of images decoded.

    Raises:
        DataError: as `sound_places`.

    """
    both = (task.queries, task.gallery)
    images = ((picture.path, picture.row) for side in both for picture in side)
    wrong = _wrong(images, faults, decode, progress)
    queries, gallery = (
        np.fromiter((picture.path not in wrong for picture in side), bool, len(side))
        for side in both
    )
    kept = subtask(task, queries, gallery)
    answered = {query.id for query in kept.queries}
    for query, is_sound in zip(task.queries, queries, strict=True):
        if is_sound and query.id not in answered:
            faults.meet(f"{query.row or query.path}: no right picture of it is left in {task.name}")
    if not kept.queries:
        raise _nothing_left("queries", len(task.queries), faults)
    return kept


def _wrong(
    images: Iterable[tuple[Path, str]], faults: Faults, decode: bool, progress: Progress
) -> frozenset[Path]:
    """Look at each file once. Returns those that cannot be used; each was met by `faults`."""
    rows: dict[Path, str] = {}
    for path, row in images:
        rows.setdefault(path, row)
    folders, wrong = Folders(), set()
    for path, row in rows.items():
        if not folders.holds(path):
            faults.meet(f"{row}: {path} does not exist" if row else f"{path} does not exist")
            wrong.add(path)
    if decode:
        present = [path for path in rows if path not in wrong]
        for path, fault in decoding_faults(present, progress):
            faults.meet(f"{rows[path]}: {fault}" if rows[path] else fault)
            wrong.add(path)
    return frozenset(wrong)


def decoding_faults(
    paths: Sequence[Path], progress: Progress = silent
) -> Iterator[tuple[Path, str]]:
    """
    Decode files in threads, one a core.

    Yields:
        Those that cannot be decoded to the end, in order, and why: the message names the file.

    """
    faults = read_ahead(_decoding_fault, paths, threads=usable_cores(), ahead=_AHEAD)
    with progress("decode", len(paths)) as advance, closing(faults):
        for path, fault in zip(paths, faults, strict=True):
            advance()
            if fault is not None:
                yield path, fault


def _decoding_fault(path: Path) -> str | None:
    try:
        read_image(path)
    except DataError as error:
        return str(error)
    return None


def _nothing_left(what: str, count: int, faults: Faults) -> DataError:
    first = f"; the first: {faults.broken[0]}" if faults.broken else ""
    return DataError(f"none of {count} {what} can be used{first}; clnet-data check tells more")
