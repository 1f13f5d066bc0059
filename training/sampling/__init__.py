"""Which places make up a batch, and which of them are hard to tell apart."""

from .config import NegativesConfig
from .gps_table import gps_table
from .sampler import Sampler
from .similarity_table import similarity_table

__all__ = ["NegativesConfig", "Sampler", "gps_table", "similarity_table"]
