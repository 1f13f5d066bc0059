"""The page's template travels with the wheel."""

from fnmatch import fnmatch
from pathlib import Path

import tomli

ROOT = Path(__file__).parents[3]


def test_every_file_beside_the_code_is_package_data() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text())
    patterns = project["tool"]["setuptools"]["package-data"]["clnet.benchmarks.report"]
    beside = [path.name for path in (ROOT / "benchmarks/report").iterdir() if path.suffix != ".py"]
    files = [name for name in beside if (ROOT / "benchmarks/report" / name).is_file()]

    assert {"page.html", "page.css"} <= set(files)
    assert [name for name in files if not any(fnmatch(name, one) for one in patterns)] == []
