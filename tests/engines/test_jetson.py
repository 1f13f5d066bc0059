"""What pip installs on a Jetson: wheels only, and nothing that JetPack brings or that is heavy."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

PROJECT = tomli.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]

NOT_FROM_PYPI = {"tensorrt", "tensorrt-rtx", "pycuda"}
"""JetPack's own, or built against it."""

HEAVY = {"torch", "timm", "onnx", "onnxscript", "onnxslim", "onnxruntime-gpu"}


def wheels(extra: str, python: str, glibc_minor: int, folder: Path) -> dict[str, str]:
    """Let pip resolve `.[extra]` for a Jetson; returns each package's version by its name."""
    tags = [f"manylinux_2_{minor}_aarch64" for minor in range(glibc_minor, 16, -1)]
    platforms = [word for tag in (*tags, "manylinux2014_aarch64") for word in ("--platform", tag)]
    report = folder / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed",
               "--only-binary=:all:", "--python-version", python, *platforms,
               "--target", str(folder / "nowhere"), "--report", str(report),
               *PROJECT["dependencies"], *PROJECT["optional-dependencies"][extra]]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if re.search("Connection|Could not fetch URL", done.stderr):
        pytest.skip(f"no package index answers: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    found = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return {item["name"].lower().replace("_", "-"): item["version"] for item in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("extra", "python", "glibc_minor", "cuda"),
    [
        pytest.param("jetson6", "3.10", 35, "12.", id="JetPack-6.2"),
        pytest.param("jetson7", "3.12", 39, "13.", id="JetPack-7.2"),
    ],
)
def test_pip_finds_a_wheel_for_everything(
    tmp_path: Path, extra: str, python: str, glibc_minor: int, cuda: str
) -> None:
    found = wheels(extra, python, glibc_minor, tmp_path)

    assert found["cuda-bindings"].startswith(cuda)
    assert found.keys() & (NOT_FROM_PYPI | HEAVY) == set()


def test_no_extra_asks_pypi_for_tensorrt_on_a_jetson() -> None:
    for extra, requirements in PROJECT["optional-dependencies"].items():
        for requirement in requirements:
            if requirement.startswith("tensorrt"):
                assert "platform_machine == 'x86_64'" in requirement, extra
