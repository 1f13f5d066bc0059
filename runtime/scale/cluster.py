"""The Ray cluster of a run: joined where an address is given, else started here and ended."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..cores import usable_cores
from ..errors import BackendUnavailable, ConfigError
from ..extras import need_extra

LOCAL = "local"
"""The address of a cluster of this machine alone, which lives as long as the run."""

AUTO = "auto"
"""The address of the cluster that runs on this machine already."""

ANSWER_S = 10.0
"""How long a cluster's head may take to answer; Ray alone would try for minutes."""

LOCAL_STORE_BYTES = 512 * 2**20
"""Ray's shared memory in a local cluster, beside the bundle: blocks on their way are small."""


@dataclass(frozen=True, slots=True)
class RayCluster:
    """Where the workers run, and how many."""

    address: str = LOCAL
    """`local`, `auto`, or `HOST:PORT` of a cluster that `ray start --head` began."""

    workers: int | None = None
    """Processes with a network each; None takes one a GPU, or on CPUs one a machine."""

    def __post_init__(self) -> None:
        """Refuse what Ray would take for something else."""
        host, _, port = self.address.rpartition(":")
        if self.address not in (LOCAL, AUTO) and not (host and "/" not in host and port.isdigit()):
            raise ConfigError(
                f"expected {LOCAL}, {AUTO} or HOST:PORT for Ray's address, got {self.address!r}"
            )


@dataclass(frozen=True, slots=True)
class Share:
    """What each worker gets of a cluster."""

    workers: int
    """How many there are."""

    cpus: int
    """Cores of each, which are its threads."""

    gpus: int
    """GPUs of each: 0 or 1."""


@contextmanager
def joined(cluster: RayCluster, bundle_bytes: int) -> Iterator[None]:
    """
    Be connected to a cluster until the block ends.

    A connection that this process has already is used, and stays.

    Args:
        cluster: which one.
        bundle_bytes: what will be shipped; a local cluster makes room for it.

    Raises:
        ExtraMissing: Ray is not installed.
        BackendUnavailable: nothing answers at the address.

    """
    need_extra("scale")
    import ray
    import ray.data  # sets its logger up, which _quiet then sets down

    if ray.is_initialized():
        with _quiet():
            yield
        return
    try:
        _knock(cluster.address)
        ray.init(cluster.address, **_options(cluster, bundle_bytes))
    except (ConnectionError, RuntimeError, OSError, ValueError) as error:
        raise BackendUnavailable(
            f"cannot join a Ray cluster at {cluster.address!r}: {_first_line(error)}; "
            "start one with 'ray start --head', or leave the address out; "
            "where it asks for a token, set RAY_AUTH_MODE=token"
        ) from error
    try:
        with _quiet():
            yield
    finally:
        ray.shutdown()


def share(cluster: RayCluster, *, on_gpu: bool) -> Share:
    """
    Divide the cluster that this process has joined.

    Args:
        cluster: how many workers are asked for.
        on_gpu: whether each worker needs a GPU of its own.

    Raises:
        BackendUnavailable: a worker would get no GPU.
        ConfigError: a worker would get no core.

    """
    import ray

    total = ray.cluster_resources()
    cpus, gpus = int(total.get("CPU", 0)), int(total.get("GPU", 0))
    if on_gpu and gpus < (cluster.workers or 1):
        raise BackendUnavailable(
            f"each worker needs a GPU of its own: the cluster has {gpus}, "
            f"asked for were {cluster.workers or 1} workers"
        )
    machines = sum(1 for node in ray.nodes() if node["Alive"])
    workers = cluster.workers or (gpus if on_gpu else machines)
    if workers > cpus:
        raise ConfigError(f"{workers} workers need a core each: the cluster has {cpus}")
    return Share(workers, cpus // workers, int(on_gpu))


def _knock(address: str) -> None:
    """Raise OSError unless something listens at HOST:PORT."""
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host, int(port)), timeout=ANSWER_S).close()


def _options(cluster: RayCluster, bundle_bytes: int) -> dict[str, Any]:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if cluster.address != LOCAL:
        return quiet
    return {
        **quiet,
        "include_dashboard": False,
        "num_cpus": max(usable_cores(), cluster.workers or 1),
        "object_store_memory": LOCAL_STORE_BYTES + bundle_bytes,
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Ray Data: our own progress tells how far it is, our own error why it ended."""
    logger = logging.getLogger("ray.data")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
