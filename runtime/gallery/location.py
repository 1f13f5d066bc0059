"""Where a gallery lies: a folder, or a place in object storage that Lance reaches by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ..errors import ArtifactError, ClnetError, DataError
from ..failed_list import FAILED
from .lock import LOCK, READERS
from .table import GalleryInfo, schema_of

if TYPE_CHECKING:
    import lancedb

TABLE = "places"
_STORES = ("s3", "gs", "az")

_WORDS_LIMIT = 400
"""Characters of a reason: object storage answers with whole documents."""


@dataclass(frozen=True, slots=True)
class Location:
    """A gallery's place. Nothing need be there."""

    text: str
    """As Lance takes it."""

    folder: Path | None
    """The gallery's folder; None in object storage."""

    @classmethod
    def of(cls, location: str | Path) -> "Location":
        """
        Tell a folder from object storage.

        Args:
            location: a folder, `file:///…`, `s3://…`, `gs://…` or `az://…`.

        Raises:
            DataError: another scheme.

        """
        scheme, separator, _ = str(location).partition("://")
        if isinstance(location, Path) or not separator:
            return cls(str(location), Path(location))
        if scheme == "file":
            folder = Path(unquote(urlsplit(location).path))
            return cls(str(folder), folder)
        if scheme not in _STORES:
            known = ", ".join(f"{store}://" for store in _STORES)
            raise DataError(f"{location}: expected a folder or one of {known}, got {scheme}://")
        return cls(location.rstrip("/"), None)

    def holds_table(self) -> bool:
        """Whether a table was committed: a creation that was killed leaves no manifest."""
        if self.folder is not None:
            return any((self.folder / f"{TABLE}.lance" / "_versions").glob("*.manifest"))
        with lance_errors(f"read {self.text}"):
            return TABLE in self._connect().list_tables().tables

    def require_table(self) -> None:
        """Raise ArtifactError where no gallery is; nothing is made there."""
        if not self.holds_table():
            raise ArtifactError(f"{self.text} is no gallery; make one with clnet-embed")

    def open_table(self) -> "lancedb.table.Table":
        """
        Open the table at its newest version; the handle stays there.

        Raises:
            ArtifactError: no gallery is there, or it is damaged.

        """
        self.require_table()
        with lance_errors(f"open the gallery {self.text}"):
            return self._connect().open_table(TABLE)

    def create_table(self, info: GalleryInfo) -> None:
        """
        Make an empty table.

        Raises:
            ArtifactError: the place cannot be written.

        """
        # What a killed creation left is overwritten; elsewhere `overwrite` makes Lance warn.
        torn = self.folder is not None and (self.folder / f"{TABLE}.lance").exists()
        options = {"mode": "overwrite"} if torn else {"exist_ok": True}
        with lance_errors(f"make a gallery in {self.text}"):
            self._connect().create_table(TABLE, schema=schema_of(info), **options)

    def refuse_foreign(self) -> None:
        """
        Refuse to fill a place that holds other things.

        Raises:
            ArtifactError: a file is there, or a folder of something else.

        """
        path = self.folder
        if path is None:
            return
        try:
            if path.exists() and not path.is_dir():
                raise ArtifactError(
                    f"{path} is a file; a gallery is a folder: choose another place"
                )
            names = sorted(entry.name for entry in path.iterdir()) if path.exists() else []
        except OSError as error:
            raise ArtifactError(f"cannot read {path}: {error.strerror or error}") from error
        foreign = [n for n in names if n not in {LOCK, READERS, FAILED, f"{TABLE}.lance"}]
        if foreign and not self.holds_table():
            raise ArtifactError(
                f"{path} is no gallery, it holds {foreign[0]}: choose an empty or a new folder"
            )

    def _connect(self) -> "lancedb.DBConnection":
        import lancedb

        return lancedb.connect(self.text)


@contextmanager
def lance_errors(action: str) -> Iterator[None]:
    """Say in one line of ours what Lance could not do: `cannot <action>: <its words>`."""
    try:
        yield
    except ClnetError:
        raise
    except Exception as error:
        # A damaged file can make Lance panic; LanceDB exports no name for that.
        panicked = type(error).__name__ == "RustPanic"
        if not panicked and not isinstance(error, (OSError, RuntimeError, ValueError)):
            raise
        words = " ".join(str(error).split())[:_WORDS_LIMIT]
        raise ArtifactError(f"cannot {action}: {words}") from error
