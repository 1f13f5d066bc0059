"""The builder is held to the names that TensorRT 10.3, 11 and RTX share."""

import ast
from pathlib import Path

import pytest

from clnet import engines
from clnet.engines.names import ABSENT_IN_10_3, GONE_IN_11, RTX_ONLY

FOLDER = Path(engines.__file__).parent
COMMON = ("certify.py", "compiler.py", "log.py", "parse.py", "tensorrt_adapter.py")


def attributes(file: str) -> set[str]:
    tree = ast.parse((FOLDER / file).read_text())
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("file", COMMON)
def test_no_name_is_used_that_a_supported_version_lacks(file: str) -> None:
    lacking = {name.rpartition(".")[2] for name in GONE_IN_11 | ABSENT_IN_10_3 | RTX_ONLY}

    assert attributes(file) & lacking == set()


def test_the_rtx_adapter_alone_uses_what_only_rtx_has() -> None:
    only = {name.rpartition(".")[2] for name in RTX_ONLY}

    assert attributes("rtx_adapter.py") & only


def test_the_installed_rtx_has_what_the_table_says() -> None:
    trt = pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: clnet[rtx]")

    for name in RTX_ONLY:
        owner, _, member = name.rpartition(".")
        assert hasattr(getattr(trt, owner) if owner else trt, member), name
    assert not hasattr(trt.BuilderFlag, "FP16")
