"""The Arrow side of a gallery: schema, metadata, columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ArtifactError, ConfigError, SpaceMismatch
from ..preprocess import VIEWS, View
from .places import Places

if TYPE_CHECKING:
    import pyarrow

NumberFormat = Literal["float32", "float16"]

SPACE, VIEW = b"embedding_space_id", b"view"
"""Keys of the metadata of a gallery's table and of its GeoParquet."""

# Lance then refuses the later of two commits that insert one id at once, and tries it again.
_PRIMARY_KEY = {b"lance-schema:unenforced-primary-key:position": b"1"}


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

    def require_space(self, name: str, embedding_space_id: str) -> None:
        """
        Refuse to compare embeddings of two networks; `name` is the gallery in the message.

        Raises:
            SpaceMismatch: the gallery was made with another network.

        """
        if embedding_space_id != self.embedding_space_id:
            raise SpaceMismatch(
                f"{name} holds embeddings of space {self.embedding_space_id}, "
                f"the bundle makes {embedding_space_id}; take the bundle that made the gallery, "
                "or embed into a new one"
            )

    def require_same(self, name: str, wanted: "GalleryInfo") -> None:
        """
        Refuse to add other embeddings; `name` is the gallery in the message.

        Raises:
            SpaceMismatch: the gallery was made with another network.
            ConfigError: it holds another dimension, view or number format.

        """
        self.require_space(name, wanted.embedding_space_id)
        if self != wanted:
            raise ConfigError(f"{name} holds {self.words}, asked for was {wanted.words}")

    @property
    def metadata(self) -> dict[bytes, bytes]:
        """What a table or a file says of its embeddings."""
        return {SPACE: self.embedding_space_id.encode(), VIEW: self.view.encode()}


def schema_of(info: GalleryInfo) -> "pyarrow.Schema":
    """Build the table's schema; view and space stand in its metadata."""
    import pyarrow as pa

    fields = [
        pa.field("id", pa.string(), nullable=False, metadata=_PRIMARY_KEY),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("embedding", embedding_type(info), nullable=False),
    ]
    return pa.schema(fields, metadata=info.metadata)


def embedding_type(info: GalleryInfo) -> "pyarrow.DataType":
    """Build the type of one embedding."""
    import pyarrow as pa

    number = pa.float16() if info.number_format == "float16" else pa.float32()
    return pa.list_(number, info.embedding_dim)


def info_of(name: str, schema: "pyarrow.Schema") -> GalleryInfo:
    """
    Read back what `schema_of` wrote.

    Args:
        name: what the message calls the table.
        schema: the table's.

    Raises:
        ArtifactError: the table is not one of ours.

    """
    metadata = schema.metadata or {}
    space, view = metadata.get(SPACE, b"").decode(), metadata.get(VIEW, b"").decode()
    if space and view in VIEWS and "embedding" in schema.names:
        kind = schema.field("embedding").type
        half = str(getattr(kind, "value_type", "")) == "halffloat"
        dim = int(getattr(kind, "list_size", 0))
        info = GalleryInfo(space, dim, view, "float16" if half else "float32")
        if dim > 0 and schema.equals(schema_of(info)):
            return info
    raise ArtifactError(f"{name} is a Lance table but no gallery of clnet")


def places_table(
    info: GalleryInfo, places: Places, embeddings: NDArray[Any], first_row: int
) -> "pyarrow.Table":
    """Lay out places and embeddings [n, D] as a table of the gallery's schema."""
    import pyarrow as pa

    columns = [
        pa.array(places.ids, pa.string()),
        pa.array(np.arange(first_row, first_row + len(places), dtype=np.int64)),
        pa.array(places.paths, pa.string()),
        pa.array(places.latitudes, from_pandas=True),  # NaN becomes null
        pa.array(places.longitudes, from_pandas=True),
        embedding_column(info, embeddings),
    ]
    return pa.Table.from_arrays(columns, schema=schema_of(info))


def embedding_column(info: GalleryInfo, embeddings: NDArray[Any]) -> "pyarrow.Array":
    """Lay out embeddings [n, D] as one column."""
    import pyarrow as pa

    numbers = np.ascontiguousarray(embeddings, dtype=info.number_format).ravel()
    return pa.FixedSizeListArray.from_arrays(pa.array(numbers), type=embedding_type(info))


def degrees(table: "pyarrow.Table", name: str) -> NDArray[np.float64]:
    """Take a column of coordinates: [n] float64, NaN for null."""
    return np.asarray(table[name].to_numpy(zero_copy_only=False), np.float64)


def embedding_rows(table: "pyarrow.Table", dim: int) -> NDArray[np.float32]:
    """Take the embeddings: [n, D] float32."""
    parts = [chunk.flatten().to_numpy() for chunk in table["embedding"].chunks]
    numbers = np.concatenate([np.empty(0, np.float32), *parts]).astype(np.float32, copy=False)
    return numbers.reshape(-1, dim)
