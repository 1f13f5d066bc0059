"""What only a machine with a GPU and TensorRT can show."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.engines import Sidecar, build_bundle, build_engine
from clnet.engines.timings import timings_path
from clnet.runtime.bundle import PARTS, Bundle
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.engine.inspector import inspect
from clnet.runtime.engine.loaded import LoadedEngine
from clnet.runtime.engine.selection import choose_engine
from clnet.runtime.engine.sidecar import engine_path, read_verified
from clnet.runtime.errors import BackendUnavailable


@pytest.fixture(scope="module")
def capability() -> str:
    pytest.importorskip("tensorrt", reason="needs TensorRT 10.3 or later")
    try:
        return compute_capability()
    except BackendUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def bundle(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(small_bundle, tmp_path_factory.mktemp("gpu") / "bundle")


@pytest.fixture(scope="module")
def built(capability: str, bundle: Path) -> dict[str, Sidecar]:
    del capability
    return dict(zip(PARTS, build_bundle(bundle, "tensorrt"), strict=True))


@pytest.mark.gpu
def test_every_part_is_built_for_the_gpu_that_is_here(
    built: dict[str, Sidecar], bundle: Path, capability: str
) -> None:
    for part, record in built.items():
        folder = bundle / part / "engines"
        assert record.capabilities == (capability,)
        assert read_verified(folder, record.key) == record


@pytest.mark.gpu
@pytest.mark.parametrize("part", PARTS)
def test_an_engine_is_chosen_and_says_of_itself_what_its_record_says(
    built: dict[str, Sidecar], bundle: Path, part: str
) -> None:
    chosen = choose_engine(Bundle.open(bundle), part)  # type: ignore[arg-type]
    loaded = LoadedEngine(chosen.path, "tensorrt")

    assert chosen.record == built[part]
    assert loaded.profiles == built[part].profiles
    assert {tensor.name for tensor in loaded.inputs} == {one.name for one in built[part].inputs}


@pytest.mark.gpu
@pytest.mark.parametrize(("part", "product"), [("ground", "half"), ("matcher", "float")])
def test_the_finished_engine_proves_its_products(
    built: dict[str, Sidecar], bundle: Path, part: str, product: str
) -> None:
    path = engine_path(bundle / part / "engines", built[part].key)

    certificate = inspect(LoadedEngine(path, "tensorrt").layers())

    assert certificate is not None
    assert set(certificate.products) == {product}


@pytest.mark.gpu
def test_the_matchers_engine_keeps_its_range_of_k(built: dict[str, Sidecar]) -> None:
    for profile in built["matcher"].profiles:
        assert profile.values["k"].max == (3840,)


@pytest.mark.gpu
def test_a_second_build_reads_the_timings_of_the_first(
    capability: str, make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    del capability
    graph = make_graph()
    first, second = (
        build_engine(
            graph, tmp_path, part="ground", precision="fp16", flavour="tensorrt", force=True
        )
        for _ in range(2)
    )

    assert timings_path(tmp_path, first.identity).stat().st_size > 0
    assert second.build_s <= first.build_s


@pytest.mark.gpu
@pytest.mark.parametrize("content", [b"", b"no timings at all"])
def test_timings_that_are_none_do_not_stop_a_build(
    built: dict[str, Sidecar], make_graph: Callable[..., Path], tmp_path: Path, content: bytes
) -> None:
    path = timings_path(tmp_path, built["ground"].identity)
    path.write_bytes(content)

    build_engine(make_graph(), tmp_path, part="ground", precision="fp16", flavour="tensorrt")

    assert path.read_bytes() != content


@pytest.mark.gpu
def test_a_float_engine_is_float(
    capability: str, make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    graph = make_graph(half=False)

    record = build_engine(graph, tmp_path, part="ground", precision="fp32", flavour="tensorrt")

    assert record.capabilities == (capability,)
    assert record.tf32 is False
    assert set(record.certificate.tensors) == {"float"}


def test_no_driver_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", missing)

    with pytest.raises(BackendUnavailable, match=r"libcuda.*build with --engine tensorrt-rtx"):
        compute_capability()
