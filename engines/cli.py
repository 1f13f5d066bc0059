"""`clnet-build`."""

from pathlib import Path
from typing import cast

import click

from ..runtime.bundle import PARTS, Bundle, Part
from ..runtime.console import VERSION, one_line_errors, terminal_progress
from ..runtime.engine.config import read_config
from .bundle_engines import build_bundle
from .report import describe, write_report
from .target import EngineChoice, parse_capabilities, require_engine
from .triton import check_place, describe_triton, write_triton

_EXAMPLES = """\b
Examples:
  clnet-build bundle
  clnet-build bundle --engine tensorrt-rtx --compute-capability 8.6,8.9
  clnet-build bundle --engine tensorrt-rtx --compute-capability 7.5 --part ground --part satellite
  clnet-build bundle --profile 1,4 --workspace-mib 512     (a small Jetson)
  clnet-build bundle --engine tensorrt --triton models     (plans for a server)
"""


@click.command(epilog=_EXAMPLES)
@VERSION
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--engine",
    type=click.Choice(["auto", "tensorrt", "tensorrt-rtx"]),
    default="auto",
    help="Which TensorRT; auto takes the one that is installed.",
)
@click.option(
    "--compute-capability",
    metavar="LIST",
    help="GPUs to build for, e.g. 8.6,8.9; each must be admitted. Default: all the graph admits.",
)
@click.option("--part", "parts", type=click.Choice(PARTS), multiple=True, help="Default: all.")
@click.option("--profile", default="1,8,32", show_default=True, help="Batch classes, in images.")
@click.option("--workspace-mib", default=2048, show_default=True, help="Scratch memory, in MiB.")
@click.option("--force", is_flag=True, help="Build even what is there and intact.")
@click.option("--triton", type=click.Path(path_type=Path), help="Write a model repository, too.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the records.")
@one_line_errors
def build(
    bundle: Path,
    engine: str,
    compute_capability: str | None,
    parts: tuple[Part, ...],
    profile: str,
    workspace_mib: int,
    force: bool,
    triton: Path | None,
    json_file: Path | None,
) -> None:
    """Build the TensorRT engines of BUNDLE: both branches, the matcher; intact ones are kept."""
    if triton is not None:
        check_place(triton)
    records = build_bundle(
        bundle,
        require_engine(cast(EngineChoice, engine)),
        parts=parts or PARTS,
        capabilities=parse_capabilities(compute_capability) if compute_capability else None,
        config=read_config(profile, workspace_mib),
        force=force,
        progress=terminal_progress,
    )
    for record in records:
        click.echo(describe(record))
    if triton is not None:
        click.echo(describe_triton(write_triton(Bundle.open(bundle), triton, records)))
    if json_file is not None:
        write_report(records, json_file)
