"""The gate: an export is compared with PyTorch on real images before anyone may have it."""
