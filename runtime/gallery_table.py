"""The Arrow side of a gallery: schema, metadata, columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import ArtifactError
from .item import Item
from .preprocess import VIEWS, View

if TYPE_CHECKING:
    import pyarrow

NumberFormat = Literal["float32", "float16"]

_SPACE, _VIEW = b"embedding_space_id", b"view"


@dataclass(frozen=True, slots=True)
class GalleryInfo:
    """What a gallery's embeddings are."""

    embedding_space_id: str
    """Embeddings compare only if it is equal."""

    embedding_dim: int
    """D, the length of one embedding."""

    view: View
    """The branch that made them."""

    number_format: NumberFormat = "float32"
    """How numbers are stored; they are read back as float32 in any case."""

    @property
    def words(self) -> str:
        """Say it for an error message."""
        return f"{self.view} embeddings of {self.embedding_dim} x {self.number_format}"


def schema_of(info: GalleryInfo) -> "pyarrow.Schema":
    """Build the table's schema; view and space stand in its metadata."""
    import pyarrow as pa

    number = pa.float16() if info.number_format == "float16" else pa.float32()
    fields = [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("embedding", pa.list_(number, info.embedding_dim), nullable=False),
    ]
    metadata = {_SPACE: info.embedding_space_id.encode(), _VIEW: info.view.encode()}
    return pa.schema(fields, metadata=metadata)


def info_of(path: Path, schema: "pyarrow.Schema") -> GalleryInfo:
    """
    Read back what `schema_of` wrote.

    Raises:
        ArtifactError: the table is not one of ours.

    """
    metadata = schema.metadata or {}
    view = metadata.get(_VIEW, b"").decode()
    if _SPACE not in metadata or view not in VIEWS or "embedding" not in schema.names:
        raise ArtifactError(f"{path} is a Lance table but no gallery of clnet")
    kind = schema.field("embedding").type
    half = str(kind.value_type) == "halffloat"
    space = metadata[_SPACE].decode()
    return GalleryInfo(space, kind.list_size, view, "float16" if half else "float32")


def record_batch(
    info: GalleryInfo, items: Sequence[Item], embeddings: NDArray[np.float32]
) -> "pyarrow.Table":
    """Lay out places as one table of the gallery's schema."""
    import pyarrow as pa

    numbers = np.ascontiguousarray(embeddings, dtype=info.number_format).ravel()
    columns = [
        pa.array([item.id for item in items], pa.string()),
        pa.array([item.locator for item in items], pa.string()),
        pa.array([item.latitude for item in items], pa.float64()),
        pa.array([item.longitude for item in items], pa.float64()),
        pa.FixedSizeListArray.from_arrays(pa.array(numbers), info.embedding_dim),
    ]
    return pa.Table.from_arrays(columns, schema=schema_of(info))


def column(table: "pyarrow.Table", name: str) -> NDArray[Any]:
    """Take a numeric column as one array: float32 for embeddings (flat), NaN for null."""
    if name != "embedding":
        return np.asarray(table[name].to_numpy(zero_copy_only=False), np.float64)
    parts = [chunk.flatten().to_numpy() for chunk in table[name].chunks]
    return np.concatenate([np.empty(0, np.float32), *parts]).astype(np.float32, copy=False)
