"""What an engine's record says of it, and whether this machine can run it. Builds nothing."""

from .certificate import Certificate
from .config import BuildConfig
from .contract import BranchContract, TensorRecord
from .flavour import FLAVOURS, Flavour
from .identity import EngineIdentity
from .sidecar import BatchRange, Sidecar, read_verified

__all__ = [
    "FLAVOURS",
    "BatchRange",
    "BranchContract",
    "BuildConfig",
    "Certificate",
    "EngineIdentity",
    "Flavour",
    "Sidecar",
    "TensorRecord",
    "read_verified",
]
