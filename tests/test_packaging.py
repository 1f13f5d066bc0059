"""The wheel holds every module of the tree, and the base stays light."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import tomli

ROOT = Path(__file__).parent.parent
FOLDERS = ("training", "export", "engines", "runtime", "benchmarks")
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text())


def modules() -> list[Path]:
    return [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]


def test_every_package_folder_is_listed() -> None:
    found = {
        "clnet." + ".".join(init.parent.relative_to(ROOT).parts)
        for init in modules()
        if init.name == "__init__.py"
    }

    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_every_folder_with_modules_is_a_package() -> None:
    """A folder without __init__.py would be missing from the wheel without a word."""
    bare = {path.parent for path in modules() if not (path.parent / "__init__.py").is_file()}

    assert bare == set()


def test_no_module_imports_a_folder_by_its_bare_name() -> None:
    """`import runtime` would load a second copy of every class beside `clnet.runtime`."""
    bare = re.compile(rf"^\s*(?:from|import)\s+(?:{'|'.join(FOLDERS)})\b", re.MULTILINE)
    sources = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]

    offenders = [str(path.relative_to(ROOT)) for path in sources if bare.search(path.read_text())]

    assert offenders == []


@pytest.mark.slow
def test_the_wheel_holds_exactly_the_modules_of_the_tree_and_the_page(
    tmp_path: Path,
) -> None:
    # from a copy, because setuptools keeps old modules in build/; without isolation, because the
    # environment that runs the tests has setuptools, and needs no network
    kept_out = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
    source = shutil.copytree(ROOT, tmp_path / "source", ignore=kept_out)
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    expected = {f"clnet/{path.relative_to(ROOT).as_posix()}" for path in modules()}
    expected |= {f"clnet/{folder}/py.typed" for folder in FOLDERS}
    page = (ROOT / "benchmarks" / "report").glob("page.*")
    expected |= {f"clnet/{path.relative_to(ROOT).as_posix()}" for path in page}

    assert held == expected


@pytest.mark.parametrize("name", sorted(PROJECT["project"]["scripts"]))
def test_help_of_every_command_answers_without_heavy_imports(name: str) -> None:
    module, function = PROJECT["project"]["scripts"][name].split(":")
    code = (
        f"import sys, {module} as cli\n"
        f"try: cli.{function}(['--help'], prog_name={name!r})\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'torch', 'timm', 'lancedb', 'onnxruntime', 'onnx', 'tensorrt_rtx'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "Example" in done.stdout
    assert "HEAVY []" in done.stdout


def test_the_runtime_imports_without_torch_timm_and_onnx() -> None:
    code = (
        "import sys, pkgutil, importlib\n"
        "for name in ('torch', 'timm', 'onnx', 'onnxscript', 'safetensors', 'yaml'):\n"
        "    sys.modules[name] = None\n"
        "import clnet.runtime as package\n"
        "for one in pkgutil.walk_packages(package.__path__, 'clnet.runtime.'):\n"
        "    importlib.import_module(one.name)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_documented_extras_exist() -> None:
    wanted = (
        "cpu gpu cvact train export rtx tensorrt jetson6 jetson7 pycuda openvino bench maps scale "
        "dev"
    )

    assert set(wanted.split()) == set(PROJECT["project"]["optional-dependencies"])
