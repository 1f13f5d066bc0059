"""The gate: an export is compared with PyTorch on real images before anyone may have it."""

from .gate import run_gate
from .images import GateImages
from .parity_report import ParityReport

__all__ = ["GateImages", "ParityReport", "run_gate"]
