"""Open files, each used by one thread alone."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

H = TypeVar("H")

MAX_HANDLES = 8
"""Files that one thread keeps open; four sheets of a map meet at a corner."""


class ThreadHandles(Generic[H]):
    """The files that each thread read last. A handle closes when it is dropped."""

    def __init__(self, open_file: Callable[[Path], H]) -> None:
        self._open_file = open_file
        self._local = threading.local()

    def get(self, path: Path) -> H:
        """Return this thread's handle of a file; it is opened if need be."""
        handles: OrderedDict[Path, H] = self._local.__dict__.setdefault("handles", OrderedDict())
        if path not in handles:
            handles[path] = self._open_file(path)
        handles.move_to_end(path)
        if len(handles) > MAX_HANDLES:
            handles.popitem(last=False)
        return handles[path]
