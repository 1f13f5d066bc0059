import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clnet.engines.cli import build
from clnet.runtime.engine.sidecar import read_verified


def run(*arguments: object) -> Result:
    return CliRunner().invoke(build, [str(argument) for argument in arguments])


@pytest.mark.slow
@pytest.mark.usefixtures("rtx")
def test_both_branches_and_the_matcher_are_built(small_bundle: Path, tmp_path: Path) -> None:
    report = tmp_path / "engines.json"
    bundle = shutil.copytree(small_bundle, tmp_path / "bundle")

    result = run(bundle, "--engine", "tensorrt-rtx", "--profile", "1,4", "--json", report)

    assert result.exit_code == 0, result.output
    records = json.loads(report.read_text())["engines"]
    assert [record["identity"]["part"] for record in records] == ["ground", "satellite", "matcher"]
    for record in records[:2]:
        folder = bundle / record["identity"]["part"] / "engines"
        assert read_verified(folder, record["key"]).profiles[0].shapes["images"].max[0] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--compute-capability", "8.7"], "8.7: this TensorRT builds for", id="gpu"),
        pytest.param(["--compute-capability", "86"], "expected e.g. 8.6,8.9; got '86'", id="text"),
        pytest.param(["--profile", "8,1"], "rising whole numbers from 1 to 4096", id="profile"),
    ],
)
@pytest.mark.usefixtures("rtx")
def test_unusable_options_are_one_line_and_status_2(
    small_bundle: Path, arguments: list[str], message: str
) -> None:
    result = run(small_bundle, "--engine", "tensorrt-rtx", *arguments)

    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


@pytest.mark.usefixtures("rtx")
def test_a_folder_that_is_no_bundle_is_status_2(tmp_path: Path) -> None:
    result = run(tmp_path, "--engine", "tensorrt-rtx")

    assert result.exit_code == 2
    assert "is no bundle" in result.output


def test_help_shows_examples() -> None:
    assert "clnet-build bundle --engine tensorrt-rtx" in run("--help").output
