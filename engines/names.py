"""
Names of the `tensorrt` module that not every supported version has.

The builder uses none of them, so that one code serves 10.3 (JetPack 6.2) to 11; a test holds it to
that. Sources: NVIDIA's list "Removed Python APIs and Replacements" (10.x to 11.x), and the type
stubs of 10.8 and 10.13 for what came after 10.3. Where the builder profits from a name that may be
missing, it asks with `getattr` (`NetworkDefinitionCreationFlag.STRONGLY_TYPED`: needed on 10.x,
ignored since 11.0).
"""

GONE_IN_11 = frozenset(
    {
        "BuilderFlag.BF16",
        "BuilderFlag.DIRECT_IO",
        "BuilderFlag.FP16",
        "BuilderFlag.FP4",
        "BuilderFlag.FP8",
        "BuilderFlag.INT4",
        "BuilderFlag.INT8",
        "BuilderFlag.OBEY_PRECISION_CONSTRAINTS",
        "BuilderFlag.PREFER_PRECISION_CONSTRAINTS",
        "Builder.platform_has_fast_fp16",
        "Builder.platform_has_fast_int8",
        "IAlgorithmSelector",
        "IBuilderConfig.algorithm_selector",
        "IBuilderConfig.int8_calibrator",
        "IBuilderConfig.quantization_flags",
        "IBuilderConfig.set_calibration_profile",
        "IBuilderConfig.set_quantization_flag",
        "ICudaEngine.device_memory_size",
        "ILayer.precision",
        "ILayer.set_output_type",
        "NetworkDefinitionCreationFlag.EXPLICIT_BATCH",
    }
)
"""Weak typing and what served it; precision lives in the graph instead."""

ABSENT_IN_10_3 = frozenset(
    {
        "Builder.build_serialized_network_to_stream",
        "BuilderFlag.DISTRIBUTIVE_INDEPENDENCE",
        "ICudaEngine.create_runtime_config",
        "OnnxParser.load_initializer",
        "OnnxParser.load_model_proto",
        "OnnxParser.parse_model_proto",
        "PreviewFeature.RUNTIME_ACTIVATION_RESIZE_10_10",
    }
)
"""Newer than JetPack 6.2's version."""

RTX_ONLY = frozenset(
    {
        "ComputeCapability",
        "IBuilderConfig.num_compute_capabilities",
        "IBuilderConfig.set_compute_capability",
        "Runtime.get_engine_validity",
    }
)
"""What tensorrt_rtx has and tensorrt has not; the RTX adapter alone may use them."""
