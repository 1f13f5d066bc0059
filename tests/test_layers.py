"""Import arrows point down: benchmarks, export, (engines, training), runtime."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {"runtime": 0, "engines": 1, "training": 1, "export": 2, "benchmarks": 3}
BANNED_IN_RUNTIME = {"torch", "timm", "torchvision", "safetensors", "onnx", "onnxscript"}


def imports(path: Path) -> list[tuple[int, str]]:
    """(level, dotted name) of every import of a module, wherever it stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
        elif isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
    return found


@pytest.mark.parametrize("folder", FLOORS)
def test_no_folder_imports_from_a_floor_above_or_beside(folder: str) -> None:
    offenders = []
    for path in (ROOT / folder).rglob("*.py"):
        depth = len(path.relative_to(ROOT).parts)
        for level, name in imports(path):
            target = name.split(".")[0]
            if level == depth and target in FLOORS and FLOORS[target] >= FLOORS[folder]:
                offenders.append(f"{path.relative_to(ROOT)} imports {target}")

    assert offenders == []


def test_the_runtime_never_names_a_training_library() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "runtime").rglob("*.py")
        for level, name in imports(path)
        if level == 0 and name.split(".")[0] in BANNED_IN_RUNTIME
    ]

    assert offenders == []


def test_no_file_is_longer_than_400_lines_and_no_function_than_60() -> None:
    long = []
    for folder in (*FLOORS, "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text()
            long += [path.name] if text.count("\n") > 400 else []
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                    size = node.end_lineno - node.lineno + 1
                    long += [f"{path.name}:{node.name} ({size} lines)"] if size > 60 else []

    assert long == []


def test_import_linter_keeps_the_contract() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed: clnet[dev]")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
