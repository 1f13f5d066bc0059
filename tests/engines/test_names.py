"""
One code serves TensorRT 10.3 (JetPack 6.2) to 11 and RTX: it uses only names that all have.

Sources: NVIDIA's lists "Removed Python APIs and Replacements" (10.x to 11.x) and "Python APIs
Added in 10.x"; the deprecations that the 10.x bindings themselves announce; and the type stubs
of 10.8 and 10.13 for what came after 10.3. Where a name may be missing, code asks with `getattr`
(`NetworkDefinitionCreationFlag.STRONGLY_TYPED`: needed on 10.x, ignored since 11.0).
"""

import ast
from pathlib import Path

import pytest

from clnet import engines, runtime

GONE_IN_11 = {
    "BuilderFlag.BF16",
    "BuilderFlag.DIRECT_IO",
    "BuilderFlag.FP16",
    "BuilderFlag.FP4",
    "BuilderFlag.FP8",
    "BuilderFlag.INT4",
    "BuilderFlag.INT8",
    "BuilderFlag.OBEY_PRECISION_CONSTRAINTS",
    "BuilderFlag.PREFER_PRECISION_CONSTRAINTS",
    "BuilderFlag.REJECT_EMPTY_ALGORITHMS",
    "BuilderFlag.WEIGHTLESS",
    "Builder.build_engine_with_config",
    "Builder.platform_has_fast_fp16",
    "Builder.platform_has_fast_int8",
    "IAlgorithmSelector",
    "IBuilderConfig.algorithm_selector",
    "IBuilderConfig.clear_quantization_flag",
    "IBuilderConfig.get_calibration_profile",
    "IBuilderConfig.get_quantization_flag",
    "IBuilderConfig.int8_calibrator",
    "IBuilderConfig.quantization_flags",
    "IBuilderConfig.set_calibration_profile",
    "IBuilderConfig.set_quantization_flag",
    "ICudaEngine.create_execution_context_without_device_memory",
    "ICudaEngine.device_memory_size",
    "ICudaEngine.get_device_memory_size_for_profile",
    "ICudaEngine.has_implicit_batch_dimension",
    "ICudaEngine.minimum_weight_streaming_budget",
    "ICudaEngine.weight_streaming_budget",
    "IExecutionContext.device_memory",
    "ILayer.precision",
    "ILayer.set_output_type",
    "NetworkDefinitionCreationFlag.EXPLICIT_BATCH",
}
"""Weak typing and what served it, and what 10.x calls deprecated in favour of a second version."""

ABSENT_IN_10_3 = {
    "Builder.build_serialized_network_to_stream",
    "BuilderFlag.DISTRIBUTIVE_INDEPENDENCE",
    "BuilderFlag.EDITABLE_TIMING_CACHE",
    "BuilderFlag.MONITOR_MEMORY",
    "IExecutionContext.get_runtime_config",
    "IExecutionContext.unfused_tensors_debug_state",
    "ICudaEngine.create_runtime_config",
    "ICudaEngine.get_engine_stat",
    "IStreamReaderV2",
    "OnnxParser.load_initializer",
    "OnnxParser.load_model_proto",
    "OnnxParser.parse_model_proto",
    "PreviewFeature.RUNTIME_ACTIVATION_RESIZE_10_10",
}
"""Newer than JetPack 6.2's version."""

RTX_ONLY = {
    "ComputeCapability",
    "DynamicShapesKernelSpecializationStrategy",
    "IBuilderConfig.num_compute_capabilities",
    "IBuilderConfig.set_compute_capability",
    "IExecutionContext.is_stream_capturable",
    "IRuntimeConfig.dynamic_shapes_kernel_specialization_strategy",
    "Runtime.engine_header_size",
    "Runtime.get_engine_validity",
}
"""What tensorrt_rtx has and tensorrt has not."""

FOR_RTX_ALONE = {
    "rtx_adapter.py": RTX_ONLY,
    "validity.py": RTX_ONLY,
    "loaded.py": RTX_ONLY | {"ICudaEngine.create_runtime_config"},
}
"""Files with a branch that only RTX takes, and what they may use there."""

MARKS = ("import tensorrt as trt", "import_flavour(", "ILogger", "execute_async_v3")
"""What a file that touches TensorRT itself contains."""

USERS = sorted(
    path
    for folder in (engines, runtime)
    for path in Path(folder.__file__).parent.rglob("*.py")
    if any(word in path.read_text() for word in MARKS)
)


def _members(names: set[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in names}


def _used(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_builder_and_runner_are_among_the_files_that_are_held_to_the_table() -> None:
    names = {path.name for path in USERS}

    assert {"certify.py", "compiler.py", "loaded.py", "parse.py", "timings.py"} <= names


@pytest.mark.parametrize("path", USERS, ids=lambda path: path.name)
def test_no_name_is_used_that_a_supported_version_lacks(path: Path) -> None:
    lacking = _members(GONE_IN_11 | ABSENT_IN_10_3 | RTX_ONLY)
    allowed = _members(FOR_RTX_ALONE.get(path.name, set()))

    assert _used(path) & lacking - allowed == set()


def test_the_installed_rtx_has_what_the_table_says() -> None:
    trt = pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: clnet[rtx]")

    for name in RTX_ONLY:
        owner, _, member = name.rpartition(".")
        assert hasattr(getattr(trt, owner) if owner else trt, member), name
    assert not hasattr(trt.BuilderFlag, "FP16")
