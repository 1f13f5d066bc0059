"""Open files, each used by one thread alone."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
H = TypeVar("H")

MAX_HANDLES = 8
"""Files that one thread keeps open; four sheets of a map meet at a corner."""


class ThreadHandles(Generic[K, H]):
    """The files that each thread read last. A handle closes when it is dropped."""

    def __init__(self, open_file: Callable[[K], H]) -> None:
        self._open_file = open_file
        self._local = threading.local()

    def get(self, key: K) -> H:
        """Return this thread's handle of a file; it is opened if need be."""
        handles: OrderedDict[K, H] = self._local.__dict__.setdefault("handles", OrderedDict())
        if key not in handles:
            handles[key] = self._open_file(key)
        handles.move_to_end(key)
        if len(handles) > MAX_HANDLES:
            handles.popitem(last=False)
        return handles[key]
