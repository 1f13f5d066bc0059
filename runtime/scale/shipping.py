"""A branch of a bundle as bytes: workers on other machines see no folder of the driver's."""

from dataclasses import dataclass
from pathlib import Path

from ..bundle import MANIFEST, Bundle, Manifest
from ..errors import ArtifactError
from ..preprocess import View


@dataclass(frozen=True, slots=True)
class ShippedBranch:
    """The manifest and one branch, with its engines. It can be pickled."""

    manifest: Manifest
    """The bundle's, cut to the files that are shipped."""

    files: dict[str, bytes]
    """Contents by path relative to the bundle."""

    @property
    def size_bytes(self) -> int:
        """What all files hold together."""
        return sum(len(content) for content in self.files.values())

    def unpack(self, folder: Path) -> Bundle:
        """
        Write the files, and open them as a bundle, which checks every hash.

        Args:
            folder: an empty folder; the bundle is good for as long as it stands.

        Raises:
            ArtifactError: the disk refused, or a file is not the one that was exported.

        """
        try:
            for name, content in self.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            raise ArtifactError(f"cannot unpack the bundle in {folder}: {error}") from error
        self.manifest.write(folder / MANIFEST)
        return Bundle.open(folder)


def pack(bundle: Bundle, view: View) -> ShippedBranch:
    """
    Read a branch into memory.

    Args:
        bundle: an opened bundle.
        view: the branch; its folder is shipped with whatever engines lie there.

    Raises:
        ArtifactError: a file cannot be read.

    """
    try:
        files = {
            path.relative_to(bundle.path).as_posix(): path.read_bytes()
            for path in sorted((bundle.path / view).rglob("*"))
            if path.is_file()
        }
    except OSError as error:
        raise ArtifactError(f"cannot read {bundle.path / view}: {error}") from error
    listed = {name: record for name, record in bundle.manifest.files.items() if name in files}
    return ShippedBranch(bundle.manifest.model_copy(update={"files": listed}), files)
