"""What only a machine with a GPU and TensorRT can show."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.engines import build_engine
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.engine.sidecar import engine_path, read_verified
from clnet.runtime.errors import BackendUnavailable


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["fp16", "fp32"])
def test_tensorrt_builds_an_engine_that_loads_here(
    make_graph: Callable[..., Path], tmp_path: Path, precision: str
) -> None:
    trt = pytest.importorskip("tensorrt", reason="needs TensorRT 10.3 or later")
    try:
        capability = compute_capability()
    except BackendUnavailable as error:
        pytest.skip(str(error))

    record = build_engine(
        make_graph(half=precision == "fp16"),
        tmp_path,
        part="ground",
        precision=precision,  # type: ignore[arg-type]
        flavour="tensorrt",
    )

    assert record.capabilities == (capability,)
    assert read_verified(tmp_path, record.key) == record
    runtime = trt.Runtime(trt.Logger(trt.Logger.ERROR))
    engine = runtime.deserialize_cuda_engine(engine_path(tmp_path, record.key).read_bytes())
    assert engine.num_optimization_profiles == len(record.profiles) == 3


def test_no_driver_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", missing)

    with pytest.raises(BackendUnavailable, match=r"libcuda.*build with --engine tensorrt-rtx"):
        compute_capability()
