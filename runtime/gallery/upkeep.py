"""Bringing small commits together, and dropping the versions that nobody reads."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..artifact import Artifact
from .location import Location, lance_errors
from .lock import no_reader, writing
from .table import info_of

if TYPE_CHECKING:
    import lancedb

COMPACT_COMMITS = 64
"""Commits after which a writer compacts: each leaves a file that every search opens."""

REMOTE_VERSION_DAYS = 7
"""Age at which an old version in object storage goes: no lock tells who reads it there."""

_NOW, _NEVER = timedelta(milliseconds=1), timedelta(days=36_500)


class Upkeep(Artifact):
    """What a compaction did."""

    fragments_before: int
    """Files of rows, about one a commit."""

    fragments_after: int
    """Files of rows now."""

    versions_before: int
    """Versions that could be opened."""

    versions_after: int
    """Versions that are left: 1, unless somebody reads or the gallery is in object storage."""

    def line(self) -> str:
        """Sum it up in one line."""
        return (
            f"fragments {self.fragments_before:,} -> {self.fragments_after:,}  "
            f"versions {self.versions_before:,} -> {self.versions_after:,}"
        )


def compact_gallery(location: str | Path) -> Upkeep:
    """
    Be the only writer and `compact`.

    Raises:
        ArtifactError: no gallery is there, it cannot be written, or another process writes.

    """
    place = Location.of(location)
    place.require_table()
    with writing(place.folder):
        table = place.open_table()
        info_of(place.text, table.schema)
        return compact(place, table)


def compact(location: Location, table: "lancedb.table.Table") -> Upkeep:
    """
    Compact a table, bring its index up to date, and delete what no version needs.

    A kill leaves the old version or the new one. In a folder, old versions stay where a reader
    is about; in object storage for `REMOTE_VERSION_DAYS`.

    Raises:
        ArtifactError: the disk refused; the gallery is whole, as it was.

    """
    fragments, versions = count_fragments(table), len(table.list_versions())
    with lance_errors(f"compact {location.text}"):
        if location.folder is None:
            table.optimize(cleanup_older_than=timedelta(days=REMOTE_VERSION_DAYS))
        else:
            table.optimize(cleanup_older_than=_NEVER)
            _delete_old(location.folder, table)
        table.checkout_latest()
        return Upkeep(
            fragments_before=fragments,
            fragments_after=count_fragments(table),
            versions_before=versions,
            versions_after=len(table.list_versions()),
        )


def _delete_old(folder: Path, table: "lancedb.table.Table") -> None:
    with no_reader(folder) as alone:
        if alone:
            # The writer's lock is held: a file of no version is left by one that was killed.
            table.optimize(cleanup_older_than=_NOW, delete_unverified=True)


def count_fragments(table: "lancedb.table.Table", *, small: bool = False) -> int:
    """Count the files of rows; with `small` those that a compaction would bring together."""
    key = "num_small_fragments" if small else "num_fragments"
    return int(table.stats()["fragment_stats"][key])


def compact_if_scattered(location: Location, table: "lancedb.table.Table") -> None:
    """Compact a table of `COMPACT_COMMITS` small fragments or more; see `compact`."""
    if count_fragments(table, small=True) >= COMPACT_COMMITS:
        compact(location, table)
