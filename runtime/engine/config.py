"""How to build one TensorRT engine."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, field_validator

from ..artifact import Artifact
from ..errors import ConfigError

Batch = Annotated[int, Field(ge=1, le=4096)]

MAX_K = 3840
"""TensorRT's limit for TopK."""


class BranchConfig(Artifact):
    """Everything that changes the bytes of a branch's engine, apart from graph and target."""

    batches: tuple[Batch, ...] = Field(default=(1, 8, 32), min_length=1, max_length=8)
    """Batch classes in images, rising. The engine takes any batch from 1 to the last one."""

    workspace_mib: PositiveInt = 2048
    """
    Scratch memory the engine may need, in MiB; one that needs more is refused, so that a device
    with little memory finds out early. At 384² and batch 32 RTX wants between 400 and 500 for
    ConvNeXt-Tiny in half, and between 1024 and 2048 for ConvNeXt-Base in FP32.
    """

    tf32: bool = False
    """Whether FP32 products may round their factors to TF32 (10 bits of mantissa)."""

    @field_validator("batches")
    @classmethod
    def _batches_rise(cls, batches: tuple[int, ...]) -> tuple[int, ...]:
        return _rising(batches)


class MatcherConfig(Artifact):
    """The same for the matcher's engine: three sizes move, the queries, the gallery and K."""

    queries: tuple[Batch, ...] = Field(default=(1, 64), min_length=1, max_length=8)
    """
    Classes of Q, rising. One product reads D numbers a gallery row and computes 2·Q·D: at 64
    queries that is 32 operations a byte, where an Orin (5.3 TFLOP/s, 205 GB/s) stops waiting
    for memory at 26. More queries in one run gain nothing and cost scratch memory.
    """

    gallery_rows: int = Field(default=16_384, ge=1, le=2**20)
    """
    Largest N in one run, in rows; a larger gallery goes through in chunks. RTX wants scratch for
    the scores (4·Q·N bytes) and for a copy of the chunk (4·N·D): measured at D = 1,024 with 64
    queries, 76 MiB for 16,384 rows and 280 MiB for 65,536, too much for a small Jetson. Reading
    16,384 rows keeps an Orin busy for 0.3 ms, against which a launch is little.
    """

    top_k: int = Field(default=16, ge=1, le=MAX_K)
    """K that the kernels are chosen for; the engine takes any up to 3,840, and at most N."""

    workspace_mib: PositiveInt = 2048
    """As a branch's."""

    tf32: Literal[False] = False
    """Never: the search is exact because its rounding has a bound, and that is FP32's."""

    @field_validator("queries")
    @classmethod
    def _queries_rise(cls, queries: tuple[int, ...]) -> tuple[int, ...]:
        return _rising(queries)


BuildConfig = BranchConfig | MatcherConfig


def _rising(classes: tuple[int, ...]) -> tuple[int, ...]:
    if list(classes) != sorted(set(classes)):
        raise ValueError(f"batch classes must rise, as 1,8,32 do; got {list(classes)}")
    return classes


def _batches(profile: str) -> tuple[int, ...]:
    expected = "expected one to eight rising whole numbers from 1 to 4096, such as 1,8,32"
    try:
        return BranchConfig(batches=tuple(int(entry) for entry in profile.split(","))).batches
    except ValueError as error:  # pydantic's is one
        raise ConfigError(f"profile: {expected}; got {profile!r}") from error


def read_config(profile: str, workspace_mib: int) -> BranchConfig:
    """
    Read what a command line says.

    Args:
        profile: batch classes, comma-separated: "1,8,32".
        workspace_mib: scratch memory, in MiB.

    Raises:
        ConfigError: not one to eight rising whole numbers from 1 to 4096, or no memory.

    """
    batches = _batches(profile)
    if workspace_mib < 1:
        raise ConfigError(f"workspace-mib: expected 1 MiB or more, got {workspace_mib}")
    return BranchConfig(batches=batches, workspace_mib=workspace_mib)
