"""Engines really built by TensorRT-RTX's own parser and compiler, on the CPU."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clnet.engines import BranchConfig, BranchContract, BuildFailed, Sidecar, build_engine
from clnet.runtime.artifact import sha256_of
from clnet.runtime.engine.profile import Range
from clnet.runtime.engine.sidecar import engine_path, read_verified, sidecar_path
from clnet.runtime.errors import ArtifactError, ConfigError

ALL = ("7.5", "8.0", "8.6", "8.9", "12.0", "12.1")

pytestmark = pytest.mark.usefixtures("rtx")


def build(onnx: Path, folder: Path, precision: Any = "fp16", **more: Any) -> Sidecar:
    flavour: Any = "tensorrt-rtx"
    return build_engine(onnx, folder, part="ground", precision=precision, flavour=flavour, **more)


def test_a_half_branch_builds_for_every_gpu(half_engine: tuple[Path, Sidecar]) -> None:
    _, record = half_engine

    assert record.capabilities == ALL
    assert record.left_out == {}


def test_a_float_branch_builds_for_all_but_turing_and_says_why(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    record = build(make_graph(half=False), tmp_path, "fp32")

    assert record.capabilities == ALL[1:]
    assert list(record.left_out) == ["7.5"]
    assert "FP32 GEMM is not supported" in record.left_out["7.5"]
    assert set(record.certificate.tensors) == {"float"}


@pytest.mark.slow
@pytest.mark.parametrize("batch", ["batch", 4], ids=["dynamic", "static"])
@pytest.mark.parametrize(("precision", "gpus"), [("fp16", ALL), ("fp32", ALL[1:])])
@pytest.mark.parametrize(("part", "size"), [("ground", (16, 64)), ("satellite", (32, 32))])
def test_every_kind_of_branch_builds(
    make_graph: Callable[..., Path],
    tmp_path: Path,
    part: Any,
    size: tuple[int, int],
    precision: Any,
    gpus: tuple[str, ...],
    batch: int | str,
) -> None:
    graph = make_graph(half=precision == "fp16", batch=batch, size=size)
    promised = BranchContract(height=size[0], width=size[1], embedding_dim=16)

    record = build_engine(
        graph,
        tmp_path,
        part=part,
        precision=precision,
        flavour="tensorrt-rtx",
        contract=promised,
    )

    assert read_verified(tmp_path, record.key).capabilities == gpus
    assert record.certificate.half_share_of_products == (precision == "fp16")
    assert record.profiles[0].shapes["images"].max == (4 if batch == 4 else 32, 3, *size)


@pytest.mark.slow
def test_a_linear_in_the_float_island_costs_turing_and_is_named(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    record = build(make_graph(linear_head=True), tmp_path)

    assert "head_product" in record.left_out["7.5"]
    assert "head_product" in record.certificate.float_layers


def test_a_refused_gpu_that_was_asked_for_is_an_error(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(BuildFailed, match=r"asked for is refused: 7\.5: .*head_product"):
        build(make_graph(linear_head=True), tmp_path, capabilities=("7.5", "8.6"))

    assert list(tmp_path.iterdir()) == []


def test_the_certificate_counts_the_parsed_networks_own_types(
    half_engine: tuple[Path, Sidecar],
) -> None:
    certificate = half_engine[1].certificate

    assert certificate.products == {"half": 3}
    assert certificate.half_share_of_products == 1
    assert {"pool", "unit"} <= set(certificate.float_layers)
    assert "norm" not in certificate.float_layers
    pooled_to_unit_bytes = certificate.bytes_at_batch_1["float"]
    assert 16 * 8 * 16 * 4 < pooled_to_unit_bytes < 16 * 8 * 16 * 4 + 1000


def test_the_record_verifies_the_engine_beside_it(
    half_engine: tuple[Path, Sidecar], half_graph: Path
) -> None:
    folder, record = half_engine

    assert read_verified(folder, record.key) == record
    assert record.identity.onnx_sha256 == sha256_of(half_graph)
    assert sorted(path.suffix for path in folder.iterdir()) == [".engine", ".json"]


def test_tf32_is_off_in_the_finished_builder(half_engine: tuple[Path, Sidecar]) -> None:
    assert half_engine[1].tf32 is False


def test_one_profile_spans_the_batch_classes(half_engine: tuple[Path, Sidecar]) -> None:
    (profile,) = half_engine[1].profiles

    assert profile.shapes == {
        "images": Range(min=(1, 3, 32, 64), opt=(8, 3, 32, 64), max=(32, 3, 32, 64))
    }


@pytest.mark.slow
def test_a_graph_of_a_fixed_batch_takes_that_batch_alone(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    record = build(make_graph(batch=4), tmp_path, capabilities=("8.9",))

    (profile,) = record.profiles
    assert profile.shapes["images"].min[0] == profile.shapes["images"].max[0] == 4
    assert record.capabilities == ("8.9",)


def test_an_intact_engine_is_not_built_again(
    half_engine: tuple[Path, Sidecar], half_graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, record = half_engine
    monkeypatch.setattr("clnet.engines.builder.run_build", lambda *_: pytest.fail("built again"))

    assert build(half_graph, folder) == record


@pytest.mark.slow
def test_a_truncated_engine_is_refused_and_then_rebuilt(
    half_engine: tuple[Path, Sidecar], half_graph: Path, tmp_path: Path
) -> None:
    folder, key = shutil.copytree(half_engine[0], tmp_path / "engines"), half_engine[1].key
    engine = engine_path(folder, key)
    engine.write_bytes(engine.read_bytes()[:-1])

    with pytest.raises(ArtifactError, match=r"expected \d+ bytes, got \d+; build it again"):
        read_verified(folder, key)

    build(half_graph, folder)
    read_verified(folder, key)


def test_a_changed_byte_in_an_engine_is_refused(
    half_engine: tuple[Path, Sidecar], tmp_path: Path
) -> None:
    folder, key = shutil.copytree(half_engine[0], tmp_path / "engines"), half_engine[1].key
    engine = engine_path(folder, key)
    content = bytearray(engine.read_bytes())
    content[len(content) // 2] ^= 1
    engine.write_bytes(content)

    with pytest.raises(ArtifactError, match="is not the engine that was built"):
        read_verified(folder, key)


def test_a_record_of_another_engine_is_refused(
    half_engine: tuple[Path, Sidecar], tmp_path: Path
) -> None:
    folder, record = half_engine
    other = record.model_copy(
        update={"identity": record.identity.model_copy(update={"part": "satellite"})}
    )
    shutil.copy(engine_path(folder, record.key), tmp_path)
    other.write(sidecar_path(tmp_path, record.key))

    with pytest.raises(ArtifactError, match="belongs to another engine"):
        read_verified(tmp_path, record.key)


@pytest.mark.slow
def test_force_builds_what_is_there(
    half_engine: tuple[Path, Sidecar], half_graph: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(half_engine[0], tmp_path / "engines")
    before = engine_path(folder, half_engine[1].key).stat().st_ino

    record = build(half_graph, folder, force=True)

    assert engine_path(folder, record.key).stat().st_ino != before


def test_a_float_graph_where_half_was_asked_for_is_an_error(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match=r"asked for fp16, but .* computes in float"):
        build(make_graph(half=False), tmp_path)


@pytest.mark.slow
def test_a_half_graph_where_float_was_asked_for_is_an_error(
    half_graph: Path, tmp_path: Path
) -> None:
    with pytest.raises(ArtifactError, match=r"asked for fp32, but .* computes in half"):
        build(half_graph, tmp_path, "fp32")


def test_an_unknown_gpu_is_refused_before_anything_is_written(
    half_graph: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"8\.7: this TensorRT builds for 7\.5, 8\.0"):
        build(half_graph, tmp_path / "engines", capabilities=("8.7",))

    assert not (tmp_path / "engines").exists()


@pytest.mark.slow
def test_too_little_scratch_memory_names_the_option(
    make_graph: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(BuildFailed, match=r"workspace_mib: 1 MiB .* raise it"):
        build(make_graph(size=(512, 512)), tmp_path, config=BranchConfig(workspace_mib=1))


def test_a_folder_that_cannot_be_written_is_named(half_graph: Path, tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("a file")

    with pytest.raises(ArtifactError, match=r"cannot write engines to .*engines"):
        build(half_graph, tmp_path / "engines")


@pytest.mark.slow
def test_a_graph_of_other_shapes_than_the_bundle_promises_is_refused(
    half_graph: Path, tmp_path: Path
) -> None:
    promised = BranchContract(height=32, width=64, embedding_dim=999)

    with pytest.raises(ArtifactError, match=r"output: expected one, float \['B', 999\]; got"):
        build(half_graph, tmp_path, contract=promised)
