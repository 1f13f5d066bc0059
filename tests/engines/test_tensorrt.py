"""
The `tensorrt` flavour, held to stand-ins of 10.3 and 11 that own no name the other lacks.

A stand-in knows the names the builder may use and raises AttributeError at any other, so these
tests show which names are touched and with what, not that an engine runs; test_gpu.py does.
"""

import errno
import sys
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clnet.engines import BranchConfig, worker
from clnet.engines.adapter import load_adapter
from clnet.engines.job import ANSWER, PLAN, REQUEST, TIMINGS, Answer, Request
from clnet.engines.timings import timings_path
from clnet.runtime.artifact import sha256_of
from clnet.runtime.engine.identity import EngineIdentity
from clnet.runtime.engine.sidecar import Built
from clnet.runtime.errors import BackendUnavailable

DataType = Enum("DataType", ["FLOAT", "HALF"])
LayerType = Enum("LayerType", ["CONVOLUTION", "CONSTANT"])
BuilderFlag = Enum("BuilderFlag", ["TF32"])
MemoryPoolType = Enum("MemoryPoolType", ["WORKSPACE"])
ProfilingVerbosity = Enum("ProfilingVerbosity", ["DETAILED"])


def tensor(name: str, dtype: DataType, *shape: int) -> SimpleNamespace:
    return SimpleNamespace(name=name, dtype=dtype, shape=shape)


IMAGES = tensor("images", DataType.FLOAT, -1, 3, 8, 8)
HALVES = tensor("halves", DataType.HALF, -1, 3, 8, 8)
EMBEDDINGS = tensor("embeddings", DataType.FLOAT, -1, 4)


class Layer:
    name, type, num_outputs = "conv", LayerType.CONVOLUTION, 1

    def get_input(self, index: int) -> SimpleNamespace:
        assert index == 0
        return HALVES

    def get_output(self, index: int) -> SimpleNamespace:
        assert index == 0
        return HALVES


class Network:
    num_inputs = num_outputs = num_layers = 1

    def get_input(self, index: int) -> SimpleNamespace:
        return (IMAGES,)[index]

    def get_output(self, index: int) -> SimpleNamespace:
        return (EMBEDDINGS,)[index]

    def get_layer(self, index: int) -> Layer:
        return (Layer(),)[index]


class TimingCache:
    """Holds bytes; a build adds its mark."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def serialize(self) -> bytes:
        return self.content + b"|build"


class Options:
    def __init__(self) -> None:
        self.flags, self.pools, self.profiles = {BuilderFlag.TF32}, {}, []

    def create_timing_cache(self, content: bytes) -> TimingCache | None:
        return None if content == b"damaged" else TimingCache(content)

    def set_timing_cache(self, cache: TimingCache, ignore_mismatch: bool) -> bool:
        assert ignore_mismatch is False
        return cache.content != b"another GPU"

    def set_memory_pool_limit(self, pool: MemoryPoolType, size_bytes: int) -> None:
        self.pools[pool] = size_bytes

    def clear_flag(self, flag: BuilderFlag) -> None:
        self.flags.discard(flag)

    def set_flag(self, flag: BuilderFlag) -> None:
        self.flags.add(flag)

    def get_flag(self, flag: BuilderFlag) -> bool:
        return flag in self.flags

    def add_optimization_profile(self, profile: "Profile") -> None:
        self.profiles.append(profile)


class Profile:
    def set_shape(self, name: str, *shapes: tuple[int, ...]) -> None:
        assert name == "images"
        self.name, self.batches = name, tuple(shape[0] for shape in shapes)


class Builder:
    latest: "Builder"

    def __init__(self, logger: object) -> None:
        self.logger, self.options = logger, Options()
        type(self).latest = self

    def create_network(self, flags: int) -> Network:
        self.network_flags = flags
        return Network()

    def create_builder_config(self) -> Options:
        return self.options

    def create_optimization_profile(self) -> Profile:
        return Profile()

    def build_serialized_network(self, network: Network, options: Options) -> bytes:
        assert options is self.options
        return b"plan"


class Parser:
    def __init__(self, network: Network, logger: object) -> None:
        pass

    def parse(self, onnx: bytes) -> bool:
        return True


class ILogger:
    pass


def stand_in(version: str, creation_flags: type[Enum]) -> SimpleNamespace:
    return SimpleNamespace(
        __version__=version,
        Builder=Builder,
        BuilderFlag=BuilderFlag,
        ILogger=ILogger,
        MemoryPoolType=MemoryPoolType,
        NetworkDefinitionCreationFlag=creation_flags,
        OnnxParser=Parser,
        ProfilingVerbosity=ProfilingVerbosity,
    )


class OldFlags(int, Enum):
    EXPLICIT_BATCH = 0
    STRONGLY_TYPED = 1


class NewFlags(int, Enum):
    PREFER_AOT_PYTHON_PLUGINS = 3


JETPACK_6 = stand_in("10.3.0.30", OldFlags)
NEWEST = stand_in("11.4.0.8", NewFlags)


def ask(monkeypatch: pytest.MonkeyPatch, module: Any, folder: Path) -> Request:
    monkeypatch.setitem(sys.modules, "tensorrt", module)
    onnx = folder / "model.onnx"
    onnx.write_bytes(b"graph")
    identity = EngineIdentity(
        onnx_sha256=sha256_of(onnx),
        part="ground",
        precision="fp16",
        flavour="tensorrt",
        version=module.__version__,
        asked_capabilities=("8.7",),
        config=BranchConfig(workspace_mib=256),
        machine="Linux aarch64",
    )
    timings = str(folder / "stored")
    return Request(onnx=str(onnx), identity=identity, contract=None, timings=timings)


def build(monkeypatch: pytest.MonkeyPatch, module: Any, folder: Path) -> Built:
    return worker.build(ask(monkeypatch, module, folder), folder)


@pytest.mark.parametrize("module", [JETPACK_6, NEWEST], ids=["10.3", "11.4"])
def test_one_builder_serves_both_generations(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: SimpleNamespace
) -> None:
    built = build(monkeypatch, module, tmp_path)

    assert (tmp_path / "plan.engine").read_bytes() == b"plan"
    assert built.capabilities == ("8.7",)
    assert built.certificate.half_share_of_products == 1
    assert built.tf32 is False
    assert Builder.latest.options.profiling_verbosity is ProfilingVerbosity.DETAILED
    assert Builder.latest.options.pools == {MemoryPoolType.WORKSPACE: 256 * 2**20}


def test_each_batch_class_has_a_profile_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    build(monkeypatch, JETPACK_6, tmp_path)

    batches = [profile.batches for profile in Builder.latest.options.profiles]
    assert batches == [(1, 1, 1), (1, 8, 8), (1, 32, 32)]


@pytest.mark.parametrize(("module", "flags"), [(JETPACK_6, 2), (NEWEST, 0)], ids=["10.3", "11.4"])
def test_networks_are_typed_by_flag_where_the_flag_exists(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: SimpleNamespace, flags: int
) -> None:
    build(monkeypatch, module, tmp_path)

    assert Builder.latest.network_flags == flags


def test_timings_of_earlier_builds_are_read_and_added_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stored").write_bytes(b"earlier")

    build(monkeypatch, JETPACK_6, tmp_path)

    assert (tmp_path / TIMINGS).read_bytes() == b"earlier|build"
    assert (tmp_path / "stored").read_bytes() == b"earlier"


@pytest.mark.parametrize("stored", [b"damaged", b"another GPU"])
def test_timings_that_do_not_fit_are_left_out_with_a_warning(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    stored: bytes,
) -> None:
    (tmp_path / "stored").write_bytes(stored)

    built = build(monkeypatch, NEWEST, tmp_path)

    assert built.capabilities == ("8.7",)
    assert "damaged, or of another GPU: measuring anew" in capsys.readouterr().err
    assert (tmp_path / TIMINGS).read_bytes() == b"|build"


def test_timings_are_kept_per_version_and_gpu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    identities = [ask(monkeypatch, module, tmp_path).identity for module in (JETPACK_6, NEWEST)]

    names = [timings_path(tmp_path, identity).name for identity in identities]
    assert names == ["tensorrt-10.3.0.30-8.7.timings", "tensorrt-11.4.0.8-8.7.timings"]


def test_a_full_disk_is_an_error_that_leaves_no_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask(monkeypatch, JETPACK_6, tmp_path).write(tmp_path / REQUEST)

    def half_of_it(path: Path, content: memoryview) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half_of_it)
    assert worker.main(tmp_path) == 0

    failure = Answer.read(tmp_path / ANSWER).failure
    assert failure is not None
    assert failure.kind == "artifact"
    assert failure.message.endswith("No space left on device")
    assert not (tmp_path / PLAN).exists()


def test_an_older_tensorrt_is_refused_with_the_oldest_that_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "tensorrt", stand_in("8.6.1", OldFlags))

    with pytest.raises(BackendUnavailable, match=r"8\.6\.1 is too old: expected 10\.3"):
        load_adapter("tensorrt")


def test_a_module_that_cannot_load_its_libraries_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tensorrt.py").write_text("raise OSError('libnvinfer.so.10: not found')")
    monkeypatch.delitem(sys.modules, "tensorrt", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(BackendUnavailable, match="cannot be loaded: libnvinfer"):
        load_adapter("tensorrt")
