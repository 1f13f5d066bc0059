"""Whether the vectors of all processes fit in memory: the system would kill one without a word."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.errors import ConfigError
from ..machine.system_file import text_of
from .job import Method

MEMINFO = Path("/proc/meminfo")

_COPY: tuple[Method, ...] = ("faiss_flat", "cuvs_flat")
_FLOAT_BYTES = 4
_PROCESS_BYTES = 200 * 2**20
"""Interpreter and libraries."""


def check_memory(
    methods: Sequence[Method], queries: int, gallery: int, dim: int, meminfo: Path = MEMINFO
) -> None:
    """
    Add up what the processes of one gallery hold at once.

    Args:
        methods: one process each.
        queries: Q.
        gallery: N.
        dim: D.
        meminfo: where Linux tells what is free; elsewhere nothing is checked.

    Raises:
        ConfigError: more than is free.

    """
    free = _free_bytes(meminfo)
    vectors = _FLOAT_BYTES * (queries + gallery) * dim
    # FAISS and cuVS copy the gallery; product_whole holds every score.
    copies = _FLOAT_BYTES * gallery * dim * sum(one in _COPY for one in methods)
    scores = _FLOAT_BYTES * queries * gallery
    needed = len(methods) * (vectors + _PROCESS_BYTES) + copies + scores
    if free is not None and needed > free:
        raise ConfigError(
            f"{queries:,} queries x {gallery:,} rows x {dim}-d take {needed / 2**30:.1f} GiB in "
            f"{len(methods)} processes at once, {free / 2**30:.1f} GiB are free; take fewer "
            "queries, or a smaller --gallery or --dim"
        )


def _free_bytes(meminfo: Path) -> int | None:
    for line in text_of(meminfo).splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return None
