"""A bundle's branches as a model repository of Triton Inference Server."""

from .repository import TritonReport, check_place, describe_triton, write_triton

__all__ = ["TritonReport", "check_place", "describe_triton", "write_triton"]
