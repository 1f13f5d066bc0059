"""The matcher's engine, really built by TensorRT-RTX: three sizes move, K up to its limit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clnet.engines import (
    BuildFailed,
    MatcherConfig,
    MatcherContract,
    Sidecar,
    build_engine,
    worker,
)
from clnet.engines.job import Request
from clnet.engines.report import describe
from clnet.runtime.engine.profile import Range
from clnet.runtime.errors import ArtifactError

pytestmark = pytest.mark.usefixtures("rtx")

DIM = 32
SMALL = MatcherConfig(queries=(1, 8), gallery_rows=4096)


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("onnx", reason="the matcher is written with onnx: clnet[export]")
    from clnet.export.matcher_graph import write_matcher

    path = tmp_path_factory.mktemp("matcher") / "matcher.onnx"
    write_matcher(path, DIM)
    return path


def build(onnx: Path, folder: Path, config: MatcherConfig = SMALL, **more: Any) -> Sidecar:
    contract = MatcherContract(embedding_dim=more.pop("dim", DIM))
    return build_engine(
        onnx,
        folder,
        part="matcher",
        precision="fp32",
        flavour="tensorrt-rtx",
        config=config,
        contract=contract,
        **more,
    )


@pytest.fixture(scope="module")
def engine(matcher: Path, tmp_path_factory: pytest.TempPathFactory) -> Sidecar:
    return build(matcher, tmp_path_factory.mktemp("engines"))


def test_queries_gallery_and_k_may_all_move(engine: Sidecar) -> None:
    (profile,) = engine.profiles

    assert profile.shapes["queries"] == Range(min=(1, DIM), opt=(8, DIM), max=(8, DIM))
    assert profile.shapes["gallery"] == Range(min=(1, DIM), opt=(4096, DIM), max=(4096, DIM))
    assert profile.values == {"k": Range(min=(1,), opt=(16,), max=(3840,))}


def test_the_search_is_float_without_tf32_and_so_not_for_turing(engine: Sidecar) -> None:
    assert engine.certificate.products == {"float": 1}
    assert engine.tf32 is False
    assert "FP32 GEMM is not supported" in engine.left_out["7.5"]


def test_the_description_tells_what_moves(engine: Sidecar) -> None:
    assert "queries 1-8, gallery 1-4096, k 1-3840; TF32 off" in describe(engine)


def test_the_default_sizes_fit_the_scratch_memory_of_a_small_jetson(
    matcher: Path, tmp_path: Path
) -> None:
    record = build(matcher, tmp_path, MatcherConfig(workspace_mib=128), capabilities=("8.6",))

    assert record.profiles[0].shapes["gallery"].max[0] == 16_384


def test_too_little_scratch_memory_names_rows_and_option(matcher: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"workspace_mib: 1 MiB .* 16384 gallery rows: raise it"):
        build(matcher, tmp_path, MatcherConfig(workspace_mib=1), capabilities=("8.6",))


@pytest.mark.parametrize(("most", "said"), [(3840, False), (3841, True)])
def test_the_limit_of_k_is_the_compilers_own(
    matcher: Path,
    engine: Sidecar,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    most: int,
    said: bool,
) -> None:
    monkeypatch.setattr("clnet.engines.profiles.MAX_K", most)
    request = Request(onnx=str(matcher), identity=engine.identity, contract=None, timings="")

    worker.build(request, tmp_path)

    log = capsys.readouterr().err
    assert ("K exceeds the maximum value allowed (3840)" in log) is said


@pytest.mark.parametrize("dim", [16, 64])
def test_a_matcher_of_another_dimension_is_refused(matcher: Path, tmp_path: Path, dim: int) -> None:
    with pytest.raises(ArtifactError, match=rf"expected queries float \[-1, {dim}\]"):
        build(matcher, tmp_path, dim=dim)


def test_a_branch_is_no_matcher(make_graph: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="the matcher's inputs: expected queries"):
        build(make_graph(half=False), tmp_path)
