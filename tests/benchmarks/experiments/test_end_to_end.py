"""The three commands on a small town, with runs of two steps: files, not findings."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

for _module in ("torch", "timm", "safetensors", "scipy", "matplotlib"):
    pytest.importorskip(_module, reason=f"{_module} is not installed")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.records.lines import read_rows

pytestmark = pytest.mark.slow

CONFIG = {
    "network": {
        "backbone": "convnext_atto",
        "backbone_options": {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 8, 8, 8]},
        "batch_norm": True,
        "ground": {
            "view": "ground", "height": 32, "width": 128, "panorama": {"centre_heading_deg": 0}
        },
        "satellite": {"view": "satellite", "height": 64, "width": 64},
    },
    "steps": 2,
    "batch_size": 8,
}  # fmt: skip

NEC = "nec-2x64-gelu-seed"


def called(*arguments: object) -> Result:
    return CliRunner().invoke(bench, [str(one) for one in arguments])


def config_file(folder: Path, **changes: object) -> Path:
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({**CONFIG, **changes}))
    return path


@pytest.fixture(scope="module")
def folder(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ablation with two seeds, and its rows."""
    folder = tmp_path_factory.mktemp("ablation")
    done = called(
        "ablation", "--data", town, "--config", config_file(folder), "--seeds", "0,1",
        "--transfer", f"{town}:cvusa", "--out", folder / "runs", "--json", folder / "rows.jsonl",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "failure signature: poor transfer" in done.output
    return folder


def test_the_ablation_leaves_a_row_a_run_and_what_follows_from_them(folder: Path) -> None:
    kinds = [row.model_dump()["kind"] for row in read_rows(folder / "rows.jsonl")]

    assert {kind: kinds.count(kind) for kind in kinds} == {
        "ablation": 6, "gain": 3, "transfer": 6, "signature": 6
    }  # fmt: skip


def test_on_its_own_data_a_network_transfers_with_its_own_recall(folder: Path) -> None:
    rows = [row.model_dump() for row in read_rows(folder / "rows.jsonl")]

    moved = [row for row in rows if row["kind"] == "transfer"]
    assert [row["recall_at_1"] for row in moved] == [row["own_recall_at_1"] for row in moved]


def test_finished_runs_are_shared_with_the_sweep_and_not_repeated(town: Path, folder: Path) -> None:
    shared = folder / "runs" / f"{NEC}0" / "model.safetensors"
    before = shared.stat().st_mtime_ns

    done = called(
        "nec", "--data", town, "--config", config_file(folder), "--depths", "1", "--widths", "64",
        "--activations", "gelu", "--out", folder / "runs", "--json", folder / "nec.jsonl",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert shared.stat().st_mtime_ns == before
    assert len(read_rows(folder / "nec.jsonl")) == 2
    assert (folder / "runs" / "nec.png").stat().st_size > 1000


def test_runs_of_another_configuration_are_refused(
    town: Path, folder: Path, tmp_path: Path
) -> None:
    other = config_file(tmp_path, steps=3)

    done = called(
        "ablation", "--data", town, "--config", other, "--seeds", "0", "--out", folder / "runs"
    )

    assert done.exit_code == 2
    assert "another configuration" in done.output


def test_maps_of_two_runs_are_drawn_and_compared(town: Path, folder: Path, tmp_path: Path) -> None:
    runs = [folder / "runs" / f"{NEC}{seed}" for seed in (0, 1)]

    done = called(
        "maps", *runs, "--data", town, "--out", tmp_path, "--places", "2", "--draws", "2",
        "--json", tmp_path / "maps.jsonl",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    kinds = [row.model_dump()["kind"] for row in read_rows(tmp_path / "maps.jsonl")]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "map_recall": 8, "map_bearing": 2, "map_drift": 4, "signature": 6, "map_likeness": 4
    }  # fmt: skip
    assert len(list(tmp_path.glob("*.png"))) == 4


def test_a_run_without_maps_has_nothing_to_draw(town: Path, folder: Path, tmp_path: Path) -> None:
    done = called("maps", folder / "runs" / "baseline-seed0", "--data", town, "--out", tmp_path)

    assert done.exit_code == 2
    assert "has no learned maps" in done.output
