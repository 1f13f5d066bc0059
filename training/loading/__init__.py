"""Images for training and evaluation: decoded and augmented in threads, ahead of their use."""

from .pair_loader import Batch, PairLoader, Planned
from .view_images import Images, ViewImages

__all__ = ["Batch", "Images", "PairLoader", "Planned", "ViewImages"]
