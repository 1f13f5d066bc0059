"""A slowdown planted on purpose, by which the guard is proved."""

import time
from collections.abc import Callable


def slowed(run: Callable[[], object], factor: float) -> Callable[[], object]:
    """
    Make a run take longer.

    Args:
        run: what runs first.
        factor: at least 1. After each run the processor spins for `factor - 1` of the time that it
            computed for that run.

    """

    def longer() -> None:
        start_s = time.process_time()
        run()
        end_s = start_s + factor * (time.process_time() - start_s)
        while time.process_time() < end_s:
            pass

    return longer
