"""Work done ahead in threads, in order, and never far ahead: memory stays flat."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")


def read_ahead(
    work: Callable[[Given], Result], things: Iterable[Given], *, threads: int, ahead: int
) -> Generator[Result, None, None]:
    """
    Map a function over any iterable, in threads.

    Closing the generator drops what nobody began and waits for what runs.

    Args:
        work: called in a thread; what it raises is raised here, in its turn.
        things: taken one by one in the caller's thread, as results leave; may be endless.
        threads: how many.
        ahead: results and work in progress that may wait, at most.

    Yields:
        The results, in the order of `things`.

    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads, "clnet-decode") as pool:
        try:
            for thing in things:
                waiting.append(pool.submit(work, thing))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
