"""`clnet-eval`: a checkpoint and its bundle are asked the same, by the same protocols."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clnet.runtime.errors import ConfigError, DataError
from clnet.training.cli import evaluate
from clnet.training.evaluation_run import Evaluation, evaluation_run


def paired(town: Path, tmp_path: Path) -> Path:
    """A copy of the held-out places, to break."""
    return shutil.copytree(town, tmp_path / "town")


def buildings(town: Path, tmp_path: Path) -> Path:
    """Six buildings of two drone images each, and two distractors, made of a town's images."""
    tiles = sorted((town / "bingmap").rglob("*.jpg"))
    photographs = sorted((town / "streetview" / "panos").glob("*.jpg"))
    root = tmp_path / "university"
    for number in range(8):
        building = f"{number:04}"
        for side in ("query", "gallery") if number < 6 else ("gallery",):
            drone = root / "test" / f"{side}_drone" / building
            satellite = root / "test" / f"{side}_satellite" / building
            drone.mkdir(parents=True)
            satellite.mkdir(parents=True)
            shutil.copy(tiles[number], satellite / f"{building}.jpg")
            for image in range(2):
                shutil.copy(photographs[2 * number + image], drone / f"image-{image + 1:02}.jpg")
    return root


def test_checkpoint_and_bundle_print_the_same_scores_of_a_paired_benchmark(
    run: Path, bundle: Path, town: Path, tmp_path: Path
) -> None:
    by_torch, by_graph = (
        CliRunner().invoke(
            evaluate,
            [option, str(path), "--data", str(town), "--json", str(tmp_path / path.name)],
        )
        for option, path in (("--checkpoint", run), ("--bundle", bundle))
    )

    assert by_torch.exit_code == 0, by_torch.output
    assert by_torch.stdout == by_graph.stdout
    assert by_torch.stdout.startswith("CVUSA val\n  exact: R@1 ")
    (score,) = Evaluation.read(tmp_path / run.name).scores
    assert (score.task, score.protocol, score.queries, score.gallery) == (
        "CVUSA val",
        "exact",
        40,
        40,
    )
    assert Evaluation.read(tmp_path / bundle.name).scores[0] == score


def test_checkpoint_and_bundle_give_both_directions_of_university_1652(
    run: Path, bundle: Path, town: Path, tmp_path: Path
) -> None:
    data = buildings(town, tmp_path)

    by_torch, by_graph = (
        evaluation_run(checkpoint=checkpoint, bundle=graphs, data=data, layout="university1652")
        for checkpoint, graphs in ((run, None), (None, bundle))
    )

    assert by_torch == by_graph
    sizes = [(score.protocol, score.queries, score.gallery) for score in by_torch.scores]
    assert sizes == [
        ("distractors kept", 12, 8),
        ("distractors dropped", 12, 6),
        ("distractors kept", 6, 16),
        ("distractors dropped", 6, 12),
    ]
    assert all(score.average_precision is not None for score in by_torch.scores)
    assert "University-1652 satellite to drone\n  distractors kept: R@1 " in by_torch.text()


def test_maps_made_uniform_are_asked_the_same(run: Path, town: Path) -> None:
    learned, flat = (
        evaluation_run(checkpoint=run, bundle=None, data=town, layout="cvusa", maps=maps)
        for maps in ("learned", "uniform")
    )

    assert flat.scores[0].queries == learned.scores[0].queries
    assert flat != learned


@pytest.mark.parametrize("kind", ["checkpoint", "bundle"])
def test_a_truncated_image_is_an_error_that_names_it_or_is_left_out_and_listed(
    kind: str, run: Path, bundle: Path, town: Path, tmp_path: Path
) -> None:
    data = paired(town, tmp_path)
    broken = sorted((data / "streetview" / "panos").glob("*.jpg"))[-1]
    broken.write_bytes(broken.read_bytes()[:300])
    networks = {"checkpoint": None, "bundle": None, kind: run if kind == "checkpoint" else bundle}

    with pytest.raises(DataError, match=broken.name):
        evaluation_run(**networks, data=data, layout="cvusa")
    evaluation = evaluation_run(**networks, data=data, layout="cvusa", skip_broken=True)

    assert evaluation.scores[0].queries == 39
    assert any(broken.name in line for line in evaluation.left_out)
    assert f"left out because broken: {len(evaluation.left_out)}" in evaluation.text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"checkpoint": None, "bundle": None}, "one of --checkpoint and --bundle"),
        ({"checkpoint": Path("run"), "bundle": Path("bundle")}, "one of"),
        ({"checkpoint": Path("run"), "bundle": None, "precision": "fp16"}, "a bundle's graphs"),
        ({"checkpoint": None, "bundle": Path("bundle"), "maps": "uniform"}, "use --checkpoint"),
    ],
)
def test_options_that_the_network_does_not_have_are_refused(
    options: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=message):
        evaluation_run(**options, data=tmp_path, layout="cvusa")  # type: ignore[arg-type]
