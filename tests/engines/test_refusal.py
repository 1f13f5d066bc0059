from clnet.engines.refusal import refusals, why
from clnet.runtime.engine.config import BranchConfig

TURING = (
    "IBuilder::buildSerializedNetwork: Error Code 1: Myelin ([pass.cpp:337: check] Cannot compile "
    "operation 'head' for Turing (SM75): FP32 GEMM is not supported. In compileGraph at x.cpp:2012)"
)


def test_the_refused_gpu_is_found_with_its_node_and_reason() -> None:
    found = refusals([TURING], ("7.5", "8.6"))

    reason = "Cannot compile operation 'head' for Turing (SM75): FP32 GEMM is not supported"
    assert found == {"7.5": reason}


def test_a_gpu_that_was_not_tried_cannot_be_refused() -> None:
    assert refusals([TURING], ("8.6",)) == {}


def test_a_lack_of_scratch_memory_names_the_option_and_the_batch() -> None:
    said = ["Error Code 2: OutOfMemory (Requested size was 1129308544 bytes.)"]

    message = why(said, BranchConfig(workspace_mib=1024, batches=(1, 64)))

    assert "workspace_mib: 1024 MiB" in message
    assert "a batch of 64: raise it" in message


def test_any_other_refusal_is_quoted() -> None:
    assert why(["Error Code 9: odd"], BranchConfig()).endswith("Error Code 9: odd")
