"""`clnet-gallery`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import VERSION, one_line_errors, terminal_progress
from .options import ANY_PATH, POSITIVE

if TYPE_CHECKING:
    from ..gallery.index import IndexKind

_EXAMPLES = """\b
Examples:
  clnet-gallery info gallery
  clnet-gallery export gallery gallery.parquet
  clnet-gallery import gallery.parquet s3://bucket/gallery
  clnet-gallery index gallery --kind ivf_pq --sub-vectors 128
"""

_JSON = click.option("--json", "json_path", type=ANY_PATH, help="Write the figures here, too.")


@click.group(epilog=_EXAMPLES)
@VERSION
def gallery() -> None:
    """Look at a gallery, bring it elsewhere, index it. GALLERY: a folder, s3://, gs:// or az://."""


@gallery.command(epilog="Example: clnet-gallery info gallery --json gallery.json")
@click.argument("location", metavar="GALLERY")
@_JSON
@one_line_errors
def info(location: str, json_path: Path | None) -> None:
    """Say what GALLERY holds, where on the globe, and how large it is."""
    from ..gallery.summary import summary_of

    summary = summary_of(location)
    click.echo(summary.lines())
    if json_path is not None:
        summary.write(json_path)


@gallery.command(epilog="Example: clnet-gallery export gallery gallery.parquet")
@click.argument("location", metavar="GALLERY")
@click.argument("file", type=ANY_PATH)
@one_line_errors
def export(location: str, file: Path) -> None:
    """Write GALLERY to FILE as GeoParquet 1.1, which QGIS, DuckDB and geopandas open."""
    from ..gallery import Gallery
    from ..gallery.exchange import export_geoparquet

    count = export_geoparquet(Gallery.open(location), file, progress=terminal_progress)
    click.echo(f"{count:,} places -> {file}")


@gallery.command("import", epilog="Example: clnet-gallery import gallery.parquet gallery")
@click.argument("file", type=ANY_PATH)
@click.argument("location", metavar="GALLERY")
@_JSON
@one_line_errors
def import_(file: Path, location: str, json_path: Path | None) -> None:
    """Add the places of FILE, which `export` wrote, to GALLERY; ids that it holds are skipped."""
    from ..gallery.exchange import import_geoparquet

    figures = import_geoparquet(file, location, progress=terminal_progress)
    click.echo(figures.line())
    if json_path is not None:
        figures.write(json_path)


@gallery.command(epilog="Example: clnet-gallery index gallery --kind ivf_pq --sub-vectors 128")
@click.argument("location", metavar="GALLERY")
@click.option("--kind", type=click.Choice(["ivf_pq", "ivf_flat"]), default="ivf_pq")
@click.option("--partitions", type=POSITIVE, help="Parts of the space; by the places if left out.")
@click.option("--sub-vectors", type=POSITIVE, help="Bytes of a code of ivf_pq; a divisor of D.")
@click.option("--queries", type=POSITIVE, default=200, show_default=True, help="For the recall.")
@click.option("--top-k", type=POSITIVE, default=10, show_default=True, help="K of the recall.")
@click.option("--probes", type=POSITIVE, default=20, show_default=True, help="Partitions a query.")
@click.option("--refine", type=POSITIVE, default=10, show_default=True, help="Scored again, x K.")
@_JSON
@one_line_errors
def index(
    location: str,
    kind: "IndexKind",
    partitions: int | None,
    sub_vectors: int | None,
    queries: int,
    top_k: int,
    probes: int,
    refine: int,
    json_path: Path | None,
) -> None:
    """
    Build an approximate index over GALLERY and print its recall against exact search.

    For search with LanceDB beyond some million places; `clnet-match` is exact and never uses it.
    """
    from ..gallery.index import build_index

    figures = build_index(
        location,
        kind,
        partitions=partitions,
        sub_vectors=sub_vectors,
        queries=queries,
        k=top_k,
        probes=probes,
        refine=refine,
        progress=terminal_progress,
    )
    click.echo(figures.line())
    if json_path is not None:
        figures.write(json_path)


@gallery.command(epilog="Example: clnet-gallery compact gallery")
@click.argument("location", metavar="GALLERY")
@_JSON
@one_line_errors
def compact(location: str, json_path: Path | None) -> None:
    """Bring small commits of GALLERY together, update its index, drop what nobody reads."""
    from ..gallery.upkeep import compact_gallery

    upkeep = compact_gallery(location)
    click.echo(upkeep.line())
    if json_path is not None:
        upkeep.write(json_path)
