"""What a method costs, out of runs that others disturbed."""

from collections.abc import Sequence

import numpy as np

from ..comparing.interval import Interval, ratio_interval
from .block import Block, Clocked
from .methods import Method

_LOW = 0.1


def costs_s(blocks: Sequence[Clocked]) -> list[float]:
    """
    Tell what one run costs, by block.

    Time that the processor computed, not the wall's: another process that takes the core in the
    middle of a run then hardly counts. Of a block's runs the lowest decile: what disturbs a run
    (a cache emptied, an interrupt) only ever adds. Waiting, which a processor's clock does not
    see, comes on top as the least of all blocks: what waits on purpose waits in every run, while
    of some 200 runs of a few milliseconds the luckiest never waits for a core.

    Args:
        blocks: of one piece of work, one a process.

    Returns:
        Seconds, one a block.

    """
    waited_s = min(
        max(0.0, wall - cpu)
        for one in blocks
        for wall, cpu in zip(one.wall_s, one.cpu_s, strict=True)
    )
    return [float(np.quantile(one.cpu_s, _LOW)) + waited_s for one in blocks]


def ratio_of(blocks: Sequence[Block], method: Method) -> Interval:
    """Divide a method's cost by its yardstick's, block by block, with its 95 % interval."""
    yardstick = costs_s([block.yardsticks[method] for block in blocks])
    ours = costs_s([block.methods[method] for block in blocks])
    return ratio_interval([[one] for one in yardstick], [[one] for one in ours])
