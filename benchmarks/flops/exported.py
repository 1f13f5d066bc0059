"""Counting the graphs that clnet-export would write, each different one once."""

import json
import multiprocessing
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ...runtime.cores import usable_cores
from ...runtime.errors import MeasurementFailed
from ...runtime.preprocess import VIEWS, View
from ...runtime.progress import Progress, silent
from ...training.config import NetworkConfig
from .count import BranchCount

_AT_ONCE = 2
"""Processes: an export holds its weights several times over, 4 GB for ConvNeXt-Base."""


def count_exports(
    configs: Iterable[NetworkConfig], progress: Progress = silent
) -> list[dict[View, BranchCount]]:
    """
    Export both branches of each network with random weights, and count the graphs.

    Raises:
        ClnetError: a configuration makes no network, or it cannot be exported or counted.

    """
    configs = list(configs)
    wanted = {_key(one, view): (one, view) for one in configs for view in VIEWS}
    largest_first = sorted(wanted, key=lambda key: -_pixels(*wanted[key]))
    counts = _counted({key: wanted[key] for key in largest_first}, progress)
    return [{view: counts[_key(one, view)] for view in VIEWS} for one in configs]


def count_export(config: NetworkConfig, view: View) -> BranchCount:
    """
    Export one branch with random weights, and count its graph.

    Every weight is drawn by its name alone: two networks that share a part share its numbers,
    and no two tensors are equal, of which the exporter would make one.

    Raises:
        ClnetError: as `count_exports`.

    """
    import torch

    from ...export.graph import export_branch
    from ...training.network import CLNet
    from .graph_counter import count_graph

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        network = CLNet(config).eval()
        for name, weight in network.named_parameters():
            generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
            weight.normal_(std=0.02, generator=generator)
    return count_graph(export_branch(network, view))


def _counted(
    wanted: Mapping[str, tuple[NetworkConfig, View]], progress: Progress
) -> dict[str, BranchCount]:
    context = multiprocessing.get_context("spawn")
    workers = min(_AT_ONCE, usable_cores(), len(wanted))
    counts: dict[str, BranchCount] = {}
    with (
        progress("export", len(wanted), "graphs") as advance,
        ProcessPoolExecutor(workers, mp_context=context) as pool,
    ):
        running = {key: pool.submit(count_export, *one) for key, one in wanted.items()}
        try:
            for key, future in running.items():
                counts[key] = future.result()
                advance()
        except BrokenProcessPool as error:
            raise MeasurementFailed(
                "an export died before it was counted, perhaps for want of memory; "
                "count one network at a time"
            ) from error
        finally:
            for future in running.values():
                future.cancel()
    return counts


def _key(config: NetworkConfig, view: View) -> str:
    """All that decides a branch's graph; views that share every weight share a graph."""
    has_own = bool(config.maps or config.embedding_dim or config.batch_norm or not config.shared)
    size = config.preprocess(view)
    rest = config.model_dump(mode="json", exclude={"ground", "satellite"})
    return json.dumps([has_own and view, size.height, size.width, rest], sort_keys=True)


def _pixels(config: NetworkConfig, view: View) -> int:
    size = config.preprocess(view)
    return size.height * size.width
