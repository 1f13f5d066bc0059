"""Small networks to test with."""

from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from clnet.training.config import NetworkConfig


class Small(Protocol):
    def __call__(self, **changes: Any) -> "NetworkConfig": ...


@pytest.fixture(scope="session")
def small() -> Small:
    """Configure a network that embeds in a millisecond; `changes` are its other fields."""
    from clnet.training.config import NetworkConfig

    def configure(**changes: Any) -> "NetworkConfig":
        options = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]}
        fields = {
            "backbone": "convnext_atto",
            "backbone_options": options,
            "ground": {"view": "ground", "height": 32, "width": 128, "panorama": {}},
            "satellite": {"view": "satellite", "height": 64, "width": 64},
        }
        return NetworkConfig.model_validate({**fields, **changes})

    return configure
