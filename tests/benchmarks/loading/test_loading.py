"""The whole of `clnet-bench loading`, on a few pairs."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")
pytest.importorskip("timm", reason="timm is not installed: pip install 'clnet[train]'")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.lines import read_lines
from clnet.benchmarks.records.loading_result import LoadingResult
from clnet.runtime.cores import usable_cores

CONFIG = """
network:
  backbone: convnext_atto
  backbone_options: {kernel_sizes: 3, depths: [1, 1, 1, 1], dims: [8, 16, 24, 32]}
  ground: {view: ground, height: 32, width: 128, panorama: {}}
  satellite: {view: satellite, height: 64, width: 64}
steps: 1
batch_size: 4
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root, names = tmp_path / "few", []
    for row in range(1, 7):
        names.append((f"bingmap/19/{row:07}.jpg", f"streetview/panos/{row:07}.jpg"))
        for name, shape in zip(names[-1], ((70, 70, 3), (40, 150, 3)), strict=True):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            pixels = np.random.default_rng(row).integers(0, 256, shape, np.uint8)
            cv2.imwrite(str(root / name), pixels)
    (root / "splits").mkdir()
    rows = "".join(f"{tile},{panorama},x.png\n" for tile, panorama in names)
    (root / "splits" / "train-19zl.csv").write_text(rows)
    return root


@pytest.mark.slow
def test_the_loader_is_timed_beside_the_step_that_it_feeds(data: Path, tmp_path: Path) -> None:
    config, path = tmp_path / "few.yaml", tmp_path / "rows.jsonl"
    config.write_text(CONFIG)
    sizes = ["--batches=2", "--rounds=2", f"--data={data}", f"--config={config}"]

    result = CliRunner().invoke(bench, ["loading", *sizes, "--json", str(path)])

    assert result.exit_code == 0, result.output
    rows = read_lines(path, LoadingResult)
    threads = sorted({1, usable_cores()})
    loaders = [(name, n) for name in ("loader_decoding", "loader_kept") for n in threads]
    assert [(row.method, row.threads) for row in rows] == [
        ("trainer_step", usable_cores()), *loaders,
    ]  # fmt: skip
    assert rows[0].ratio_to_trainer == 1.0
    assert all(row.pairs_per_s > 0 and row.batches == 2 for row in rows)
    assert "loading few (cvusa), 32 x 128 + 64 x 64, batch 4" in result.stdout
