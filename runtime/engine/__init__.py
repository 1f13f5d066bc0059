"""What an engine's record says of it, and whether this machine can run it. Builds nothing."""

from .certificate import Certificate
from .config import MAX_K, BranchConfig, BuildConfig, MatcherConfig
from .contract import BranchContract, Contract, MatcherContract, TensorRecord
from .flavour import FLAVOURS, Flavour
from .identity import EngineIdentity
from .profile import Profile, Range
from .sidecar import Sidecar, read_verified

__all__ = [
    "FLAVOURS",
    "MAX_K",
    "BranchConfig",
    "BranchContract",
    "BuildConfig",
    "Certificate",
    "Contract",
    "EngineIdentity",
    "Flavour",
    "MatcherConfig",
    "MatcherContract",
    "Profile",
    "Range",
    "Sidecar",
    "TensorRecord",
    "read_verified",
]
