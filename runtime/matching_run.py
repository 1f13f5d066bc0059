"""From query images to answers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .answers.answer import Answer, MatchingRun, answers_of
from .answers.formats import FORMATS, AnswerFormat
from .answers.sheet import write_sheet
from .areas import Area, Intersection
from .atomic import file_written_aside
from .backends import BackendName, RunPrecision, open_backend, open_matcher
from .bundle import Bundle
from .embedder import embed_items
from .errors import DataError
from .gallery import Gallery
from .item import Item
from .matcher import Matcher, Matches
from .preprocess import View
from .progress import Progress, silent

TOP_K = 10
"""Places a query is given where nobody says how many."""


def match_items(
    gallery: Gallery,
    bundle: Bundle,
    queries: Sequence[Item],
    *,
    top_k: int | None = None,
    areas: Sequence[Area] = (),
    view: View = "ground",
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    batch_size: int = 32,
    progress: Progress = silent,
) -> MatchingRun:
    """
    Embed query images and search a gallery for them.

    The gallery is streamed from disk: one block of it is in memory at a time.

    Args:
        gallery: what to search.
        bundle: the network that made the gallery.
        queries: images; their own positions, where known, give errors in metres.
        top_k: places wanted per query, from 1 to the places searched; None takes `TOP_K`, or
            all where they are fewer.
        areas: only places inside all of them are searched.
        view: the branch of the queries.
        backend: see `open_backend` and `open_matcher`.
        precision: see `open_backend`.
        batch_size: images in one run of the network.
        progress: told of every query.

    Raises:
        SpaceMismatch: another network made the gallery.
        DataError: no place is inside the areas; or `top_k` is more than the places searched, or
            than the backend takes (3,840 on a GPU).
        ClnetError: gallery, bundle or backend cannot be used.

    """
    gallery.require_space(bundle.manifest.embedding_space_id)
    rows = _rows_to_search(gallery, areas)
    k = _checked_k(top_k, len(rows), "inside the areas" if areas else "in the gallery")
    with (
        open_backend(bundle, view, backend, precision) as branch,
        open_matcher(bundle, backend) as matcher,
    ):
        matcher.check_k(k, len(rows))
        blocks = list(embed_items(branch, queries, batch_size=batch_size, progress=progress))
        read = [item for block in blocks for item in block.items]
        answers: list[Answer] = []
        if read:
            embeddings = np.concatenate([block.embeddings for block in blocks])
            answers = search(matcher, gallery, rows, read, embeddings, k)
    failures = tuple(failure for block in blocks for failure in block.failures)
    return MatchingRun(tuple(answers), failures, len(rows), len(gallery))


def search(
    matcher: Matcher,
    gallery: Gallery,
    rows: NDArray[np.int64],
    queries: Sequence[Item],
    embeddings: NDArray[np.float32],
    k: int,
) -> list[Answer]:
    """
    Find the places of embedded queries; the gallery is streamed from disk.

    Args:
        matcher: of the bundle that made the embeddings.
        gallery: what to search.
        rows: [N] row numbers to search, rising.
        queries: [Q] items.
        embeddings: [Q, D] float32, rows of unit length.
        k: places wanted per query, from 1 to N.

    Returns:
        Q answers of `k` matches, in the order of `queries`.

    Raises:
        ClnetError: as `Matcher.top_k` and `Gallery.blocks`.

    """
    # One place more than asked for, so that the last one has its margin.
    wanted = min(k + 1, len(rows), matcher.max_k or len(rows))
    found = matcher.top_k(embeddings, gallery.blocks(rows), wanted)
    met, place_of = np.unique(found.rows, return_inverse=True)
    matches = Matches(place_of.reshape(found.rows.shape), found.scores)
    return answers_of(queries, gallery.places(rows[met]), matches, k)


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
        sheet: a PNG file for a picture of the first queries with their best places; not
            written where every query was unreadable.
        sheet_queries: queries on the sheet, at most.

    Returns:
        The text, or one line about the file that holds it.

    Raises:
        ArtifactError: a file cannot be written.
        DataError: a sheet is wanted and there was no query, or they are too many for one.

    """
    text = FORMATS[answer_format](run)
    if sheet is not None and (run.answers or not run.failures):
        write_sheet(sheet, run.answers[:sheet_queries])
    if out is None:
        return text
    with file_written_aside(out) as aside:
        aside.write_text(text, encoding="utf-8")
    return f"{len(run.answers):,} queries -> {out}\n"


def _rows_to_search(gallery: Gallery, areas: Sequence[Area]) -> NDArray[np.int64]:
    if len(gallery) == 0:
        raise DataError(f"{gallery.location} holds no place yet; fill it with clnet-embed")
    if not areas:
        return np.arange(len(gallery))
    rows = gallery.select(Intersection(tuple(areas)))
    if len(rows) == 0:
        raise DataError(
            f"none of the {len(gallery):,} places of {gallery.location} is inside the areas "
            "asked for; widen them (clnet-gallery info tells the gallery's extent)"
        )
    return rows


def _checked_k(top_k: int | None, searched: int, where: str) -> int:
    if top_k is None:
        return min(TOP_K, searched)
    if not 1 <= top_k <= searched:
        raise DataError(f"top-k must be from 1 to {searched}, the places {where}; got {top_k}")
    return top_k
