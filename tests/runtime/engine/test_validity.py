"""TensorRT-RTX judges a header, with and without a driver; engines here are really built."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clnet.runtime.bundle import Bundle
from clnet.runtime.engine.selection import judge_engines
from clnet.runtime.engine.sidecar import engine_path
from clnet.runtime.engine.validity import ask_rtx


@pytest.fixture(scope="module")
def rtx() -> Any:
    return pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: clnet[rtx]")


@pytest.fixture(scope="module")
def built(
    rtx: Any, write_bundle: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """A bundle with a real engine of its ground branch."""
    del rtx
    from clnet.engines.bundle_engines import build_bundle

    path = write_bundle(tmp_path_factory.mktemp("rtx"))
    build_bundle(path, "tensorrt-rtx", parts=["ground"])
    return Bundle.open(path)


def test_a_sound_engine_has_no_reason_of_its_own_without_a_driver(rtx: Any, built: Bundle) -> None:
    (engine,) = built.engines("ground").glob("*.engine")

    assert ask_rtx(rtx, engine, has_gpu=False).reasons == ()


@pytest.mark.parametrize("content", [b"", b"no engine", bytes(64), b"\xff" * 4096])
def test_rtx_finds_other_bytes_malformed(rtx: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.engine").write_bytes(content)

    verdict = ask_rtx(rtx, tmp_path / "x.engine", has_gpu=False)

    assert verdict.reasons == ("TensorRT-RTX finds it invalid: malformed engine",)


def test_a_real_record_compared_with_this_machine_blames_the_missing_gpu_alone(
    built: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clnet.runtime.engine.machine._capability", lambda: None)

    (candidate,) = judge_engines(built, "ground")

    assert [reason.split(" of ")[0] for reason in candidate.reasons] == ["it needs a GPU"]


def test_a_damaged_real_engine_is_blamed_by_hash_and_by_rtx(
    built: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr("clnet.runtime.engine.machine._capability", lambda: "8.6")
    shutil.copytree(built.path, tmp_path / "bundle")
    bundle = Bundle.open(tmp_path / "bundle")
    (engine,) = bundle.engines("ground").glob("*.engine")
    engine.write_bytes(bytes(engine.stat().st_size))

    (candidate,) = judge_engines(bundle, "ground")

    assert any("is not the engine that was built" in reason for reason in candidate.reasons)
    assert engine == engine_path(bundle.engines("ground"), engine.stem)


@pytest.mark.parametrize(
    ("verdict", "flags", "has_gpu", "suboptimal", "reasons"),
    [
        (0, 0, True, False, []),
        (1, 0, True, True, []),
        (2, 1 | 4, True, False, ["version mismatch", "old cuda driver"]),
        (2, 0, True, False, ["no diagnosis given"]),
        (2, 0, False, False, []),
    ],
)
def test_every_verdict_is_put_into_words(
    tmp_path: Path,
    verdict: int,
    flags: int,
    has_gpu: bool,
    suboptimal: bool,
    reasons: list[str],
) -> None:
    class Runtime:
        engine_header_size = 4

        def __init__(self, logger: Any) -> None:
            del logger

        def get_engine_validity(self, header: bytes) -> tuple[int, int]:
            assert header == b"head"
            return verdict, flags

    module: Any = SimpleNamespace(
        Runtime=Runtime,
        ILogger=type("ILogger", (), {}),
        EngineValidity=SimpleNamespace(VALID=0, SUBOPTIMAL=1, INVALID=2),
        EngineInvalidityDiagnostics=SimpleNamespace(
            __members__={"VERSION_MISMATCH": 1, "UNSUPPORTED_CC": 2, "OLD_CUDA_DRIVER": 4}
        ),
    )
    (tmp_path / "x.engine").write_bytes(b"header and more")

    found = ask_rtx(module, tmp_path / "x.engine", has_gpu=has_gpu)

    assert found.suboptimal is suboptimal
    assert found.reasons == tuple(f"TensorRT-RTX finds it invalid: {reason}" for reason in reasons)
