"""Options that several benchmarks share."""

from pathlib import Path

import click

ANY_PATH = click.Path(path_type=Path)
COUNT = click.IntRange(min=1)
JSON = click.option("--json", "json_path", type=ANY_PATH, help="Write the rows as JSON lines.")
