"""How to build one TensorRT engine."""

from typing import Annotated

from pydantic import Field, PositiveInt, ValidationError, field_validator

from ..artifact import Artifact, validation_summary
from ..errors import ConfigError

Batch = Annotated[int, Field(ge=1, le=4096)]


class BuildConfig(Artifact):
    """Everything that changes the bytes of an engine, apart from the graph and the target."""

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
        if list(batches) != sorted(set(batches)):
            raise ValueError(f"batch classes must rise, as 1,8,32 do; got {list(batches)}")
        return batches


def read_config(profile: str, workspace_mib: int) -> BuildConfig:
    """
    Read what a command line says.

    Args:
        profile: batch classes, comma-separated: "1,8,32".
        workspace_mib: scratch memory, in MiB.

    Raises:
        ConfigError: not rising whole numbers from 1 to 4096, or no memory.

    """
    try:
        batches = tuple(int(entry) for entry in profile.split(","))
        return BuildConfig(batches=batches, workspace_mib=workspace_mib)
    except ValidationError as error:
        raise ConfigError(f"profile {profile}: {validation_summary(error)}") from error
    except ValueError as error:
        raise ConfigError(f"profile: expected e.g. 1,8,32; got {profile!r}") from error
