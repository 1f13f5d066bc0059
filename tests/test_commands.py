"""The commands as a user types them: the road on the small town, and unusable input."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMANDS = Path(sys.executable).parent
HELSINKI = Path(__file__).parents[2] / "shared" / "data" / "helsinki"


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


def run_command(*words: object, cwd: Path | None = None) -> Outcome:
    command, *arguments = map(str, words)
    done = subprocess.run(
        [COMMANDS / command, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def assert_refused(outcome: Outcome, *words: str) -> None:
    """Exit status 2, one line, no traceback, every word in it."""
    assert outcome.status == 2, outcome.err
    assert outcome.err.startswith("error: ")
    assert len(outcome.err.splitlines()) == 1, outcome.err
    assert all(word in outcome.err for word in words), outcome.err


@pytest.mark.slow
def test_the_road_from_a_bundle_to_positions(bundle: Path, town: Path, tmp_path: Path) -> None:
    for view, name in (("satellite", "tiles.csv"), ("ground", "queries.csv")):
        run_command("clnet-data", "list", town, "--view", view, "--out", tmp_path / name)
    tiles, queries, gallery = tmp_path / "tiles.csv", tmp_path / "queries.csv", tmp_path / "g"
    embedded = run_command(
        "clnet-embed", bundle, tiles, "--view", "satellite", "--gallery", gallery
    )
    matched = run_command(
        "clnet-match", bundle, queries, "--gallery", gallery, "--top-k", 3, "--format", "geojson"
    )
    verified = run_command("clnet-verify", bundle)

    assert embedded.status == matched.status == verified.status == 0, embedded.err + matched.err
    assert json.loads(matched.out)["type"] == "FeatureCollection"
    assert verified.out.endswith("verified\n")


@pytest.mark.slow
@pytest.mark.skipif(not HELSINKI.is_dir(), reason="the real photographs are not on this machine")
def test_ten_real_photographs_become_positions(bundle: Path, tmp_path: Path) -> None:
    places = HELSINKI / "places.csv"
    gallery = ("--gallery", tmp_path / "gallery")
    tiles = ("--path-column", "satellite", "--view", "satellite")
    photographs = ("--path-column", "street", "--top-k", 1, "--format", "geojson")
    run_command("clnet-embed", bundle, places, *tiles, *gallery)
    matched = run_command("clnet-match", bundle, places, *photographs, *gallery)

    features = json.loads(matched.out)["features"]
    truth = [line.split(",") for line in places.read_text().splitlines()[1:]]
    known = {row[0]: [float(row[4]), float(row[3])] for row in truth}
    best = [one for one in features if one["properties"].get("rank") == 1]

    assert len(best) == 10
    for one in best:
        expected = known[one["properties"]["id"]]
        assert one["geometry"]["coordinates"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.slow
def test_a_changed_byte_in_a_bundle_is_found(bundle: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    graph = copy / "ground" / "model.fp16.onnx"
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)

    assert_refused(run_command("clnet-verify", copy), "ground/model.fp16.onnx is not the file")


@pytest.mark.slow
def test_a_changed_embedding_space_id_is_found(bundle: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["embedding_space_id"] = "0" * 32
    (copy / "manifest.json").write_text(json.dumps(manifest))
    outcome = run_command("clnet-verify", copy)

    assert outcome.status == 1
    assert "embedding space id" in outcome.out


@pytest.mark.slow
def test_a_checkpoint_that_a_bundle_does_not_come_from_is_a_no(
    bundle: Path, run: Path, town: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="torch is not installed: pip install 'clnet[train]'")
    from clnet.training.checkpoint import load_checkpoint, save_checkpoint

    network = load_checkpoint(run).network
    network.logit_scale.data += 1.0
    save_checkpoint(tmp_path / "other", network, steps=1)
    outcome = run_command(
        "clnet-verify", bundle, "--checkpoint", tmp_path / "other", "--data", town
    )

    assert outcome.status == 1
    assert "FAULT" in outcome.out
    assert "not the checkpoint" in outcome.out


@pytest.mark.slow
def test_fp16_without_images_is_refused(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    outcome = run_command(
        "clnet-export", "--checkpoint", run, "--out", out, "--precision", "fp16", "--engine", "none"
    )

    assert_refused(outcome, "real images", "--data")
    assert not out.exists()


@pytest.mark.slow
def test_fp32_without_images_says_that_retrieval_was_not_measured(
    run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "bundle"
    outcome = run_command(
        "clnet-export", "--checkpoint", run, "--out", out, "--precision", "fp32", "--engine", "none"
    )

    assert outcome.status == 0, outcome.err
    assert "retrieval: not measured (images: noise)" in outcome.out
    assert json.loads((out / "manifest.json").read_text())["retrieval"] == "not measured"


@pytest.mark.slow
def test_unpaired_folders_give_the_embedding_gate_alone(
    run: Path, town: Path, tmp_path: Path
) -> None:
    folders = (
        "--images-ground",
        town / "streetview" / "panos",
        "--images-satellite",
        town / "bingmap" / "19",
    )
    few = ("--gate-places", 8, "--engine", "none")
    outcome = run_command(
        "clnet-export", "--checkpoint", run, "--out", tmp_path / "bundle", *folders, *few
    )

    assert outcome.status == 0, outcome.err
    assert "retrieval: not measured (images: folders)" in outcome.out


@pytest.mark.slow
def test_export_never_replaces_something_that_is_no_bundle(
    run: Path, town: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    outcome = run_command(
        "clnet-export", "--checkpoint", run, "--data", town, "--out", tmp_path, "--engine", "none"
    )

    assert_refused(outcome, "is no bundle")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript", reason="not installed: pip install 'clnet[export]'")
    outcome = run_command(
        "clnet-export", "--checkpoint", tmp_path, "--out", tmp_path / "b", "--engine", "none"
    )

    assert_refused(outcome, "no checkpoint", "clnet-train")


def test_a_data_set_of_another_layout_is_refused(tmp_path: Path) -> None:
    outcome = run_command(
        "clnet-data", "list", tmp_path, "--view", "ground", "--out", tmp_path / "x.csv"
    )

    assert_refused(outcome, "val-19zl.csv", "CVUSA")
    assert not (tmp_path / "x.csv").exists()


def test_training_without_images_is_refused_and_leaves_no_run(tmp_path: Path) -> None:
    pytest.importorskip("timm", reason="timm is not installed: pip install 'clnet[train]'")
    (tmp_path / "config.yaml").write_text("steps: 1\n")
    outcome = run_command(
        "clnet-train",
        *("--config", tmp_path / "config.yaml", "--data", tmp_path, "--out", tmp_path / "run"),
    )

    assert_refused(outcome, "train-19zl.csv")
    assert not (tmp_path / "run").exists()


def test_evaluation_wants_one_of_checkpoint_and_bundle(tmp_path: Path) -> None:
    outcome = run_command("clnet-eval", "--data", tmp_path)

    assert outcome.status == 2
    assert "one of --checkpoint and --bundle" in outcome.err


def test_the_demo_clears_nothing_but_an_earlier_demo(tmp_path: Path) -> None:
    (tmp_path / "gallery").mkdir()
    (tmp_path / "precious.txt").write_text("years of work")
    demo = Path(__file__).parents[1] / "examples" / "demo.py"
    command = [sys.executable, demo, "--out", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "no earlier demo (it holds precious.txt)" in done.stderr
    assert (tmp_path / "precious.txt").read_text() == "years of work"


def test_a_town_is_not_written_over_something(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()

    outcome = run_command("clnet-data", "town", "--out", tmp_path, "--places", 1)

    assert_refused(outcome, str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
