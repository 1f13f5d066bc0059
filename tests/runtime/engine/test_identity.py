import pytest

from clnet.runtime.engine.config import BranchConfig, MatcherConfig
from clnet.runtime.engine.identity import EngineIdentity

IDENTITY = EngineIdentity(
    onnx_sha256="0" * 64,
    part="ground",
    precision="fp16",
    flavour="tensorrt",
    version="10.3.0",
    asked_capabilities=("8.7",),
    config=BranchConfig(),
    machine="Linux aarch64",
)


def test_equal_requests_share_a_key() -> None:
    again = EngineIdentity.model_validate_json(IDENTITY.model_dump_json())

    assert again.key() == IDENTITY.key()


@pytest.mark.parametrize(
    "change",
    [
        {"onnx_sha256": "1" * 64},
        {"part": "satellite"},
        {"precision": "fp32"},
        {"flavour": "tensorrt-rtx"},
        {"version": "10.4.0"},
        {"asked_capabilities": ("8.6",)},
        {"config": BranchConfig(batches=(1, 4))},
        {"config": BranchConfig(workspace_mib=1)},
        {"config": BranchConfig(tf32=True)},
        {"config": MatcherConfig()},
        {"machine": "Linux x86_64"},
    ],
    ids=str,
)
def test_each_thing_that_changes_an_engine_changes_its_key(change: dict[str, object]) -> None:
    assert IDENTITY.model_copy(update=change).key() != IDENTITY.key()
