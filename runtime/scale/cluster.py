"""The Ray cluster of a run: joined where an address is given, else started here and ended."""

import logging
import socket
from collections.abc import Iterator, Sequence
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
        reachable = host and "/" not in host and port.isdecimal() and int(port) < 2**16
        if self.address not in (LOCAL, AUTO) and not reachable:
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

    A connection that this process already has is used, and stays.

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

    started = not ray.is_initialized()
    if started:
        _start(cluster, bundle_bytes)
    try:
        with _quiet():
            yield
    finally:
        if started:
            ray.shutdown()


def share(cluster: RayCluster, *, on_gpu: bool) -> Share:
    """
    Divide the cluster that this process has joined.

    Args:
        cluster: how many workers are asked for.
        on_gpu: whether each worker needs a GPU of its own.

    Raises:
        BackendUnavailable: the cluster has not the cores or the GPUs.

    """
    import ray

    total = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    machines = [(int(node.get("CPU", 0)), int(node.get("GPU", 0))) for node in total]
    gpus = sum(gpu for _, gpu in machines)
    workers = cluster.workers or (max(1, gpus) if on_gpu else len(machines))
    cpus = cores_each(machines, workers, on_gpu=on_gpu)
    if cpus == 0:
        need = "a core and a GPU" if on_gpu else "a core"
        raise BackendUnavailable(
            f"{workers} workers need {need} each; the cluster's machines have "
            + ", ".join(f"{cores} cores and {gpu} GPUs" for cores, gpu in machines)
        )
    return Share(workers, cpus, int(on_gpu))


def cores_each(machines: Sequence[tuple[int, int]], workers: int, *, on_gpu: bool) -> int:
    """
    Find the most cores that each worker can have on one machine.

    Args:
        machines: cores and GPUs of each.
        workers: how many must find a place.
        on_gpu: whether each takes a GPU, too.

    Returns:
        0 if there is no place for so many, else at least 1.

    """

    def places(cores: int) -> int:
        return sum(min(cpu // cores, gpu if on_gpu else cpu) for cpu, gpu in machines)

    most = max((cpu for cpu, _ in machines), default=0)
    return next((cores for cores in range(most, 0, -1) if places(cores) >= workers), 0)


def _start(cluster: RayCluster, bundle_bytes: int) -> None:
    import ray

    try:
        _knock(cluster.address)
        ray.init(cluster.address, **_options(cluster, bundle_bytes))
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise BackendUnavailable(
            f"cannot join a Ray cluster at {cluster.address!r}: {_first_line(error)}; "
            "start one with 'ray start --head', or leave the address out; "
            "where it asks for a token, set RAY_AUTH_MODE=token"
        ) from error


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
