"""From a source to a gallery: what is there is skipped, what is done is committed by blocks."""

import time
from collections.abc import Collection, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from .artifact import Artifact
from .backends import BackendName, RunPrecision, open_backend
from .bundle import Bundle
from .embedder import Block, Failure, embed_items
from .errors import ConfigError
from .failed_list import FAILED, FailedList
from .gallery import Gallery, GalleryInfo, NumberFormat, gallery_writer
from .gallery.location import Location
from .gallery_filler import GalleryFiller
from .item import Item
from .preprocess import View
from .progress import Progress, silent


@dataclass(frozen=True, slots=True)
class EmbeddingRun:
    """What one run did."""

    embedded: int
    """Places added to the gallery."""

    skipped: int
    """Items whose id was there already."""

    failed: int
    """Items that could not be read; a later run tries them again."""

    empty: int
    """Tiles of a map that were left out because they hold no data."""

    first_failures: tuple[Failure, ...]
    """The first few of them."""

    failed_list: Path
    """The file that lists them all; it is not there if there are none."""

    seconds: float
    """From the first file to the last commit, without loading the network."""

    @property
    def images_per_s(self) -> float:
        """Added places a second; 0 if nothing was added."""
        return self.embedded / self.seconds if self.embedded else 0.0

    @property
    def figures(self) -> "EmbeddingFigures":
        """The run in numbers."""
        return EmbeddingFigures(
            embedded=self.embedded,
            skipped=self.skipped,
            failed=self.failed,
            empty=self.empty,
            seconds=self.seconds,
            images_per_s=self.images_per_s,
        )


class EmbeddingFigures(Artifact):
    """An embedding run in numbers."""

    embedded: int
    """Places added to the gallery."""

    skipped: int
    """Items whose id was there already."""

    failed: int
    """Items that could not be read."""

    empty: int
    """Tiles of a map that were left out because they hold no data."""

    seconds: float
    """From the first file to the last commit, without loading the network."""

    images_per_s: float
    """Added places a second; 0 if nothing was added."""

    def line(self) -> str:
        """Sum the run up in one line."""
        empty = f"  empty {self.empty:,}" if self.empty else ""
        return (
            f"embedded {self.embedded:,}  skipped {self.skipped:,}  failed {self.failed:,}{empty}"
            f"  {self.images_per_s:,.1f} images/s"
        )


class Embed(Protocol):
    """What turns items into blocks: `embed_items` with its backend, or workers elsewhere."""

    def __call__(
        self, items: Iterable[Item], *, total: int | None = None
    ) -> Generator[Block, None, None]:
        """
        Embed.

        Args:
            items: what to embed.
            total: how many there will be, for the progress; None if nobody knows.

        """
        ...


def embed_into(
    gallery: str | Path,
    bundle: Bundle,
    view: View,
    items: Iterable[Item],
    *,
    backend: BackendName = "onnxruntime",
    precision: RunPrecision | None = None,
    number_format: NumberFormat | None = None,
    batch_size: int = 32,
    decode_threads: int | None = None,
    failed: Path | None = None,
    progress: Progress = silent,
) -> EmbeddingRun:
    """
    Embed items into a gallery, which is made if it is not there.

    What is done is committed every `COMMIT_ROWS` places or `COMMIT_S` seconds, and once more
    at the end, also where an error ends the run. Killed at any moment, the run can be started
    again: it embeds what is missing.

    Args:
        gallery: the gallery's folder, or its address in object storage.
        bundle: what to run.
        view: which branch.
        items: what to embed, taken one by one; no id twice. Ids that the gallery holds are
            skipped.
        backend: see `open_backend`.
        precision: see `open_backend`.
        number_format: how a new gallery stores numbers, None for float32; an old one must
            agree, None takes its own.
        batch_size: images in one run of the network.
        decode_threads: see `embed_items`.
        failed: where unreadable items are listed, see `FailedList`; None takes `FAILED` in
            the gallery's folder.
        progress: told of every item that is not skipped.

    Raises:
        ConfigError: the gallery is no folder and `failed` is None.
        EmbeddingError: an image's embedding is no unit vector, or the network has collapsed.
        ClnetError: gallery, bundle or backend cannot be used; what was committed stays.

    """
    with open_backend(bundle, view, backend, precision) as branch:
        embed = partial(
            embed_items,
            branch,
            batch_size=batch_size,
            decode_threads=decode_threads,
            progress=progress,
        )
        return fill_gallery(
            gallery, bundle, view, items, embed, number_format=number_format, failed=failed
        )


def fill_gallery(
    gallery: str | Path,
    bundle: Bundle,
    view: View,
    items: Iterable[Item],
    embed: Embed,
    *,
    number_format: NumberFormat | None = None,
    failed: Path | None = None,
) -> EmbeddingRun:
    """
    Commit what is embedded, by whomever, and list what could not be read.

    Args:
        gallery: see `embed_into`.
        bundle: what `embed` runs.
        view: which branch.
        items: what to embed; see `embed_into`.
        embed: asked once, for the items that the gallery does not hold.
        number_format: see `embed_into`.
        failed: see `embed_into`.

    Raises:
        ConfigError, ClnetError: as `embed_into`.

    """
    failed_list = failed or _list_in(gallery)
    manifest = bundle.manifest
    kind = number_format or _format_of(gallery)
    info = GalleryInfo(manifest.embedding_space_id, manifest.embedding_dim, view, kind)
    with gallery_writer(gallery, info) as writer, FailedList(failed_list) as unreadable:
        start = time.perf_counter()
        total = _count_missing(items, writer.ids)
        with (
            GalleryFiller(writer, unreadable) as filler,
            closing(embed(filler.missing(items), total=total)) as blocks,
        ):
            for block in blocks:
                filler.take(block)
        seconds = time.perf_counter() - start
    return EmbeddingRun(
        embedded=filler.embedded,
        skipped=filler.skipped,
        failed=filler.failed,
        empty=filler.empty,
        first_failures=tuple(filler.first_failures),
        failed_list=failed_list,
        seconds=seconds,
    )


def _format_of(gallery: str | Path) -> NumberFormat:
    there = Location.of(gallery).holds_table()
    return Gallery.open(gallery).info.number_format if there else "float32"


def _list_in(gallery: str | Path) -> Path:
    if "://" in str(gallery):
        raise ConfigError(
            f"{gallery} is no folder: say where to list unreadable images (--failed FILE)"
        )
    return Path(gallery) / FAILED


def _count_missing(items: Iterable[Item], present: Collection[str]) -> int | None:
    """Count ahead where that takes no reading; a stream is as long as it turns out to be."""
    if not isinstance(items, Collection):
        return None
    return sum(item.id not in present for item in items)
