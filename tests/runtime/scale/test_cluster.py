"""An address that Ray would misread or wait for is refused at once."""

import socket

import pytest

from clnet.runtime.errors import BackendUnavailable, ConfigError
from clnet.runtime.scale import RayCluster
from clnet.runtime.scale.cluster import cores_each, joined


@pytest.mark.parametrize(
    "address", ["", "head", "head:", ":6379", "head:port", "head:65536", "ray://head:10001"]
)
def test_an_address_must_be_a_host_and_a_port(address: str) -> None:
    with pytest.raises(ConfigError, match="expected local, auto or HOST:PORT"):
        RayCluster(address)


@pytest.mark.parametrize("address", ["local", "auto", "head:6379", "10.0.0.1:6379"])
def test_a_known_kind_of_address_is_taken(address: str) -> None:
    assert RayCluster(address).address == address


def test_a_cluster_that_does_not_answer_is_refused_at_once() -> None:
    pytest.importorskip("ray", reason="ray is not installed: clnet[scale]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # taken, but nobody listens
        address = f"127.0.0.1:{free.getsockname()[1]}"

        with (
            pytest.raises(BackendUnavailable, match="ray start --head"),
            joined(RayCluster(address), bundle_bytes=0),
        ):
            pass


@pytest.mark.parametrize(
    ("machines", "workers", "cores"),
    [
        ([(2, 0)], 2, 1),
        ([(8, 0), (8, 0)], 1, 8),  # a worker cannot span machines
        ([(5, 0), (5, 0)], 3, 2),  # three cores each would leave the third no place
        ([(16, 0), (4, 0)], 2, 8),
        ([(2, 0)], 3, 0),
        ([], 1, 0),
    ],
)
def test_workers_get_all_the_cores_that_leave_each_a_place(
    machines: list[tuple[int, int]], workers: int, cores: int
) -> None:
    assert cores_each(machines, workers, on_gpu=False) == cores


@pytest.mark.parametrize(
    ("machines", "workers", "cores"),
    [([(16, 2), (16, 2)], 4, 8), ([(64, 0), (8, 1)], 1, 8), ([(8, 1)], 2, 0), ([(8, 0)], 1, 0)],
)
def test_a_worker_on_a_gpu_takes_its_cores_beside_it(
    machines: list[tuple[int, int]], workers: int, cores: int
) -> None:
    assert cores_each(machines, workers, on_gpu=True) == cores
