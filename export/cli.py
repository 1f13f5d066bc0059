"""`clnet-export` and `clnet-verify`."""

from pathlib import Path
from typing import Any

import click

from ..engines.report import describe as describe_engine
from ..engines.target import EngineChoice
from ..engines.triton import describe_triton
from ..runtime.backends import BACKENDS
from ..runtime.bundle import Bundle, InputType, Precision
from ..runtime.console import NO, VERSION, one_line_errors, terminal_progress
from ..runtime.datasets import LAYOUTS
from ..runtime.extras import need_extra
from ..training.recipes import RECIPES, RecipeName

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
ANY_PATH = click.Path(path_type=Path)
JSON = click.option("--json", "json_path", type=ANY_PATH, help="Write the figures here, too.")
LAYOUT = click.option("--layout", type=click.Choice(LAYOUTS), default="cvusa", show_default=True)
PLACES = click.option("--gate-places", "max_places", type=click.IntRange(1), default=1000,
                      show_default=True,
                      help="Places that the gate looks at, at most.")  # fmt: skip


@click.command(epilog="Example: clnet-export --checkpoint run --precision fp16 --out b --data town")
@VERSION
@click.option("--checkpoint", type=ANY_PATH, required=True,
              help="A run of clnet-train, or a FILE.pth with its --recipe.")  # fmt: skip
@click.option("--recipe", type=click.Choice(RECIPES), help="What a FILE.pth was trained for.")
@click.option("--backbone", help="Its timm name; default: a ConvNeXt, told by its shapes.")
@click.option("--precision", type=click.Choice(["fp32", "fp16"]), default="fp16")
@click.option("--input", "input_type", type=click.Choice(["float32", "uint8"]), default="float32",
              help="What the graphs take: normalised numbers, or pixels.")  # fmt: skip
@click.option("--out", type=ANY_PATH, required=True, help="The bundle; an old one is replaced.")
@click.option("--data", type=FOLDER, help="Data set; the gate looks at its held-out places.")
@LAYOUT
@click.option("--images-ground", "ground", type=FOLDER, help="Or: a folder of ground images")
@click.option("--images-satellite", "satellite", type=FOLDER, help="and one of tiles, unpaired.")
@PLACES
@click.option("--engine", type=click.Choice(["auto", "none", "tensorrt", "tensorrt-rtx"]),
              default="auto", show_default=True, help="Engines to build.")  # fmt: skip
@click.option("--triton", type=ANY_PATH, help="Write a Triton model repository, too.")
@JSON
@one_line_errors
def export(
    checkpoint: Path,
    precision: Precision,
    out: Path,
    engine: EngineChoice,
    recipe: RecipeName | None,
    backbone: str | None,
    triton: Path | None,
    input_type: InputType,
    json_path: Path | None,
    **images: Any,  # noqa: ANN401
) -> None:
    """Export a checkpoint to a bundle: ONNX graphs, the gate's proof, TensorRT engines."""
    need_extra("export")
    from .export_run import ImageChoice, export_run
    from .report import describe_export, refusal_kept, summary

    choice = ImageChoice(**images)
    with refusal_kept(json_path):
        report = export_run(
            checkpoint,
            out,
            precision,
            choice,
            engine,
            terminal_progress,
            recipe=recipe,
            backbone=backbone,
            triton=triton,
            input_type=input_type,
        )
    click.echo(describe_export(report, Bundle.open(out)))
    for engine_record in report.engines:
        click.echo(describe_engine(engine_record))
    if report.triton is not None:
        click.echo(describe_triton(report.triton))
    if json_path is not None:
        summary(report).write(json_path)


@click.command(epilog="Example: clnet-verify bundle --checkpoint run --data town")
@VERSION
@click.argument("bundle", type=ANY_PATH, required=False)
@click.option("--checkpoint", type=FOLDER, help="Compare with this run, too (needs torch).")
@click.option("--data", type=FOLDER, help="On the held-out places of this data set.")
@LAYOUT
@PLACES
@click.option("--backend", type=click.Choice(BACKENDS), default="onnxruntime", show_default=True)
@click.option("--lint", "model", type=ANY_PATH,
              help="Instead: look for faults in an ONNX file, own or foreign.")  # fmt: skip
@JSON
@one_line_errors
def verify(
    bundle: Path | None,
    model: Path | None,
    json_path: Path | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Check a bundle: every hash, every engine, every graph; with --checkpoint, the whole gate."""
    compared = options["checkpoint"] or options["data"]
    if (bundle is None) == (model is None) or (model is not None and compared):
        raise click.UsageError("give a bundle, or --lint MODEL.onnx alone")
    if model is not None:
        return _lint(model, json_path)
    if options["checkpoint"]:
        need_extra("export")
    from .verify_run import describe_verify, verify_run

    assert bundle is not None
    report = verify_run(bundle, progress=terminal_progress, **options)
    click.echo(describe_verify(report))
    if json_path is not None:
        report.write(json_path)
    if report.faults:
        raise SystemExit(NO)


def _lint(model: Path, json_path: Path | None) -> None:
    need_extra("export", "onnx")
    from .lint import describe_lint, lint

    report = lint(model)
    click.echo(describe_lint(report))
    if json_path is not None:
        report.write(json_path)
    if not report.clean:
        raise SystemExit(NO)
