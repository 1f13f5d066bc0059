"""What each module computes, network beside network."""

from collections.abc import Sequence

from ..records.flops_result import FlopsResult
from .content import Picture
from .flops_count import counts_of
from .rows_plot import Panel, rows_plot
from .stack import legend, stack


def flops_pictures(rows: Sequence[FlopsResult]) -> tuple[Picture, ...]:
    """Make one picture with a panel a benchmark; none without totals of pairs."""
    counts = counts_of(rows)
    if not counts:
        return ()
    sizes: dict[str, int] = {}
    for count in counts:
        for module, macs in count.modules.items():
            sizes[module] = max(sizes.get(module, 0), macs)
    order = [module for module, macs in sizes.items() if macs]
    panels = [
        Panel(
            benchmark,
            tuple(
                stack(
                    count.network,
                    count.figure,
                    {module: macs / 1e9 for module, macs in count.modules.items()},
                    order,
                    count.macs / 1e9,
                )
                for count in counts
                if count.benchmark == benchmark
            ),
        )
        for benchmark in dict.fromkeys(count.benchmark for count in counts)
    ]
    said = [f"{count.network} at {count.benchmark} {count.figure}" for count in counts]
    counters = " and ".join(dict.fromkeys(count.counter for count in counts))
    picture = Picture(
        title=f"A ground and a satellite image, by module, counter {counters}; the tick is the "
        "total",
        alt=f"{'; '.join(said)}.",
        svg=rows_plot(panels, "GMACs (1 MAC = 2 FLOPs)"),
        legend=legend(order),
    )
    return (picture,)
