"""From query images to answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .answer_formats import FORMATS, AnswerFormat
from .answers import Answer, answers_of
from .atomic import file_written_aside
from .backends import BackendName, RunPrecision, open_backend, open_matcher
from .bundle import Bundle
from .embedder import Failure, embed_items
from .errors import DataError
from .gallery import Gallery
from .item import Item
from .preprocess import View
from .progress import Progress, silent
from .sheet import write_sheet

TOP_K = 10
"""Places a query is given where nobody says how many."""


@dataclass(frozen=True, slots=True)
class MatchingRun:
    """What one search found."""

    answers: tuple[Answer, ...]
    """One for each query that could be read, in their order."""

    failures: tuple[Failure, ...]
    """Queries that could not be read."""


def match_items(
    gallery: Gallery,
    bundle: Bundle,
    queries: Sequence[Item],
    *,
    top_k: int | None = None,
    view: View = "ground",
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    batch_size: int = 32,
    progress: Progress = silent,
) -> MatchingRun:
    """
    Embed query images and search a gallery for them.

    Args:
        gallery: what to search.
        bundle: the network that made the gallery.
        queries: images; their own positions, where known, give errors in metres.
        top_k: places wanted per query, from 1 to the gallery's size; None takes `TOP_K`, or all
            of a smaller gallery.
        view: the branch of the queries.
        backend: see `open_backend` and `open_matcher`.
        precision: see `open_backend`.
        batch_size: images in one run of the network.
        progress: told of every query.

    Raises:
        SpaceMismatch: another network made the gallery.
        DataError: `top_k` is not in 1..N, or more than the backend takes (3,840 on a GPU).
        ClnetError: gallery, bundle or backend cannot be used.

    """
    gallery.require_space(bundle.manifest.embedding_space_id)
    if len(gallery) == 0:
        raise DataError(f"{gallery.location} holds no place yet; fill it with clnet-embed")
    if top_k is None:
        top_k = min(TOP_K, len(gallery))
    if not 1 <= top_k <= len(gallery):
        raise DataError(f"top-k must be from 1 to {len(gallery)}, the gallery's size; got {top_k}")
    with (
        open_backend(bundle, view, backend, precision) as branch,
        open_matcher(bundle, backend) as matcher,
    ):
        matcher.check_k(top_k, len(gallery))
        blocks = list(embed_items(branch, queries, batch_size=batch_size, progress=progress))
        embeddings = np.concatenate(
            [np.empty((0, branch.embedding_dim), np.float32), *(b.embeddings for b in blocks)]
        )
        places = gallery.read()
        # One place more than asked for, so that the last one has its margin.
        wanted = min(top_k + 1, len(places.ids), matcher.max_k or len(places.ids))
        matches = matcher.top_k(embeddings, places.embeddings, wanted)
    read = [item for block in blocks for item in block.items]
    failures = tuple(failure for block in blocks for failure in block.failures)
    return MatchingRun(tuple(answers_of(read, places, matches, top_k)), failures)


def report(
    run: MatchingRun,
    answer_format: AnswerFormat,
    *,
    out: Path | None = None,
    sheet: Path | None = None,
    sheet_queries: int = 8,
) -> str:
    """
    Bring answers into the form that was asked for.

    Args:
        run: the answers.
        answer_format: a key of `answer_formats.FORMATS`.
        out: a file for the text; None returns it.
        sheet: a PNG file for a picture of the first queries with their best five places; not
            written where every query was unreadable.
        sheet_queries: queries on the sheet, at most.

    Returns:
        The text, or one line about the file that holds it.

    Raises:
        ArtifactError: a file cannot be written.
        DataError: a sheet is wanted and no query could be read.

    """
    text = FORMATS[answer_format](run.answers)
    if sheet is not None and (run.answers or not run.failures):
        write_sheet(sheet, run.answers[:sheet_queries])
    if out is None:
        return text
    with file_written_aside(out) as aside:
        aside.write_text(text, encoding="utf-8")
    return f"{len(run.answers):,} queries -> {out}\n"
