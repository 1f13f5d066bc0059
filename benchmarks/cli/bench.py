"""`clnet-bench`: what it can measure."""

import click

from ...runtime.console import VERSION
from .ablation import ablation
from .accuracy import accuracy
from .check import check
from .compare import compare
from .embedding import embedding
from .flops import flops
from .latency import latency
from .loading import loading
from .machine import machine
from .maps import maps
from .matching import matching
from .nec import nec
from .ranking import ranking
from .report import report
from .tables import tables

_COMMANDS: tuple[click.Command, ...] = (
    latency,
    matching,
    ranking,
    loading,
    embedding,
    flops,
    check,
    accuracy,
    compare,
    ablation,
    nec,
    maps,
    tables,
    machine,
    report,
)


@click.group(epilog="Example: clnet-bench latency bundle --json latency.jsonl")
@VERSION
def bench() -> None:
    """Measure: methods in turn, each in its own process; figures are measured or absent."""


for _command in _COMMANDS:
    bench.add_command(_command)
