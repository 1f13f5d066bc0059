"""Scan a gallery with numpy's product: training needs no exported graph and no further library."""

import numpy as np

from ...runtime.scanning.host_scanner import HostScanner
from ...runtime.scanning.rounding import FP32
from ...runtime.scanning.scanner import Floats, Scan


class ProductScanner(HostScanner):
    """Implements `Scanner` on the CPU. The product is numpy's, which is float32 always."""

    rounding = FP32
    gallery_rows = 8192
    query_rows = 1024

    def __init__(self, embedding_dim: int, *, threads: int | None = None) -> None:
        """
        Start the threads of narrow scans.

        Args:
            embedding_dim: D.
            threads: of narrow scans; None takes the cores this process may use.

        """
        super().__init__(threads)
        self.embedding_dim = embedding_dim

    def _scan(self, queries: Floats, chunk: Floats, k: int) -> Scan:
        import torch  # late: who only reads a config does not wait for it

        with np.errstate(invalid="ignore", over="ignore"):  # the probe tells of such numbers
            product = queries @ chunk.T
            probe = float(product[0].sum())
        scores, rows = torch.topk(torch.from_numpy(product), k)  # several times np.argpartition
        return Scan(scores.numpy(), rows.numpy(), probe)
